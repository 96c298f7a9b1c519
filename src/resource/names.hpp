#pragma once

#include <string>
#include <string_view>

namespace atrium::resource {

/// "product_name" as GraphQL has it: "productName".
[[nodiscard]] std::string camel_case(std::string_view name);

} // namespace atrium::resource
