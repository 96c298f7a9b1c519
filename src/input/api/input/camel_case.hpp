#pragma once

#include <string>
#include <string_view>

namespace atrium::input {

/// Converts "product_name" to the form "productName", which names have in GraphQL.
[[nodiscard]] std::string camel_case(std::string_view name);

} // namespace atrium::input
