#include "goods.hpp"

#include <demo/unreliable.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <string>

namespace atrium::demo {
namespace {

/// The product in the data of an order, such as "olive oil"; empty if the data have none.
std::string product_of(const events::event& e) {
    boost::system::error_code failure;
    const auto data = boost::json::parse(e.data, failure);
    const auto* order = failure ? nullptr : data.if_object();
    const auto* name = order ? order->if_contains("product_name") : nullptr;
    return name && name->is_string() ? std::string{name->as_string()} : std::string{};
}

} // namespace

events::subscription unreliable_subscription() {
    return {.name = "demo.unreliable", .topics = {"orders.order_created"}, .expects_failures = true};
}

/// Deliveries of orders of fragile products always fail, so they become dead letters. A few other deliveries succeed only at
/// the third attempt.
awaitable<result<>> pack_order(events::delivery d) {
    constexpr std::int64_t interval = 149; // the distance in `seq` between events whose delivery fails at first
    const auto product = product_of(d.event());
    if (is_fragile(product))
        co_return error{errc::conflict, "the parcel service does not take a " + product};
    if (d.event().seq.value % interval == 0 && d.attempt() <= 2)
        co_return error{errc::unavailable, "the parcel service does not respond"};
    co_return result<>{};
}

} // namespace atrium::demo
