#pragma once

#include "executable_document.hpp"

#include <graphql/document.hpp>
#include <graphql/limits.hpp>

#include <cstddef>
#include <optional>
#include <string>

namespace atrium::graphql {

/// How large an operation is with all fragments spread out, whatever @skip and @include say. Found without spreading them: a
/// short document can be huge when it is spread out.
struct operation_size {
    std::size_t depth = 0; ///< of fields within fields
    std::size_t root_fields = 0;
    std::size_t aliases = 0;
    std::size_t fields = 0;
};

/// @param d valid, so no fragment spreads itself
[[nodiscard]] operation_size size_of(const executable_document& d, const ast::operation& o);

/// Which limit the operation breaks, if any, in a sentence for the client.
[[nodiscard]] std::optional<std::string> broken_limit(const operation_size& size, const limits& allowed);

/// The same for the operation's cost, which its variables have a say in.
[[nodiscard]] std::optional<std::string> broken_limit(std::size_t cost, const limits& allowed);

} // namespace atrium::graphql
