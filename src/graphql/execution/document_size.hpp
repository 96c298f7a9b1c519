#pragma once

#include "executable_document.hpp"

#include <graphql/document.hpp>
#include <graphql/engine.hpp>
#include <graphql/limits.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace atrium::graphql {

/// The size of an operation with all fragments expanded, regardless of @skip and @include. It is computed without expanding the
/// fragments, because the expansion of a short document can be huge.
struct operation_size {
    std::size_t depth = 0; ///< the maximum depth of fields within fields
    std::size_t root_fields = 0;
    std::size_t aliases = 0;
    std::size_t fields = 0;
};

/// @param d must be valid: then no fragment contains itself
[[nodiscard]] operation_size size_of(const executable_document& d, const ast::operation& o);

/// If an operation of this size or cost exceeds a limit, returns a message about the limit for the client.
[[nodiscard]] std::optional<std::string> broken_limit(const operation_size& size, const limits& request_limits);
[[nodiscard]] std::optional<std::string> broken_limit(std::size_t cost, const limits& request_limits);

/// Like `broken_limit`, for the number of values in the variables.
[[nodiscard]] std::optional<std::string> broken_limit_of_values(std::size_t values, const limits& request_limits);

/// Like the other `broken_limit`, for the requests of one batch together.
[[nodiscard]] std::optional<std::string> broken_limit(const usage& batch, const limits& request_limits);

} // namespace atrium::graphql
