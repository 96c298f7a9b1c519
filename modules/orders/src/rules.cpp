#include "rules.hpp"

#include <base/names.hpp>
#include <base/text.hpp>

namespace atrium::orders {

std::string fault_of_product_name(std::string_view product_name) {
    constexpr std::size_t longest_name = 100; // code points
    const auto length = count_code_points(product_name);
    if (length == 0 || length > longest_name)
        return "must have 1 to 100 characters";
    if (product_name.find('\0') != std::string_view::npos)
        return "must not contain the character U+0000";
    return fault_of_name(product_name);
}

} // namespace atrium::orders
