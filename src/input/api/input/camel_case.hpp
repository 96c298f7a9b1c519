#pragma once

#include <string>
#include <string_view>

namespace atrium::input {

/// Converts "product_name" to "productName", the form of names in GraphQL.
[[nodiscard]] std::string camel_case(std::string_view name);

} // namespace atrium::input
