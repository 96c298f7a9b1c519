#include "rules.hpp"

#include <base/text.hpp>

namespace atrium::orders {

std::string_view fault_of_product_name(std::string_view product_name) noexcept {
    constexpr std::size_t longest_name = 100; // code points
    const auto length = count_code_points(product_name);
    if (length == 0 || length > longest_name)
        return "must have 1 to 100 characters";
    if (product_name.find('\0') != std::string_view::npos)
        return "must not contain the character U+0000";
    return {};
}

} // namespace atrium::orders
