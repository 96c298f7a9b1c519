#include <orders/order.hpp>

#include <array>
#include <cstddef>

namespace atrium::orders {
namespace {

constexpr std::array<std::string_view, 3> names{"placed", "fulfilled", "cancelled"}; // in the order of the enumeration

}

std::string_view name_of(order_status s) noexcept {
    return names[static_cast<std::size_t>(s)];
}

std::optional<order_status> parse_order_status(std::string_view name) noexcept {
    for (std::size_t i = 0; i < names.size(); ++i)
        if (names[i] == name)
            return static_cast<order_status>(i);
    return std::nullopt;
}

} // namespace atrium::orders
