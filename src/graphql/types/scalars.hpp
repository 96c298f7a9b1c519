#pragma once

#include <graphql/schema.hpp>

#include <memory>
#include <string_view>

namespace atrium::graphql {

/// How Int, Float, String, Boolean and ID read input (specification, section 3.5), with messages of graphql-js. Any other
/// scalar accepts every value unchanged.
[[nodiscard]] std::shared_ptr<const scalar_input> scalar_input_of(std::string_view name);

} // namespace atrium::graphql
