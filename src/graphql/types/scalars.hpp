#pragma once

#include <graphql/schema.hpp>

#include <memory>
#include <string_view>

namespace atrium::graphql {

/// How Int, Float, String, Boolean and ID take input (specification, section 3.5), in the words of graphql-js; any other scalar
/// takes every value as it is.
[[nodiscard]] std::shared_ptr<const scalar_input> scalar_input_of(std::string_view name);

} // namespace atrium::graphql
