#pragma once

#include <string>
#include <string_view>

namespace atrium::resource {

/// Converts "product_name" to the GraphQL form "productName".
[[nodiscard]] std::string camel_case(std::string_view name);

} // namespace atrium::resource
