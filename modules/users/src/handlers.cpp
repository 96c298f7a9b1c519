#include "handlers.hpp"

#include <entity/event_data.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::users {
namespace {

constexpr std::string_view order_created = "orders.order_created";
constexpr std::string_view order_deleted = "orders.order_deleted";

/// The data that users reads from an event about an order. A program that publishes through a bridge may send only the name.
struct counted_order {
    std::optional<user_id> user;
    std::optional<std::string> username;
};
const auto counted_order_data = entity::describe_data<counted_order>(entity::datum{"user_id", &counted_order::user},
                                                                     entity::datum{"user", &counted_order::username});

} // namespace

events::subscription order_statistics() {
    return {.name = "users.order_statistics", .topics = {std::string{order_created}, std::string{order_deleted}}};
}

std::vector<host::consumption> consumed_events() {
    return {{std::string{order_created}, &counted_order_data}, {std::string{order_deleted}, &counted_order_data}};
}

void add_handlers(events::bus& bus, service& users) {
    bus.subscribe(order_statistics(), [&users](storage::transaction& t, const events::event& e) -> result<> {
        const auto order = counted_order_data.read(e.data);
        if (!order)
            return order.error();
        if (!order->user && !order->username)
            return error{.code = errc::malformed, .detail = "the event's data needs \"user_id\" or \"user\""};
        // No user has the id 0, so it counts as missing.
        const auto user =
            order->user.value_or(user_id{}).value != 0 ? *order->user : users.find_id_by_name(t, order->username.value_or(""));
        if (e.topic == order_created)
            users.count_order(t, user, e.time);
        else
            users.discount_order(t, user);
        return {};
    });
}

} // namespace atrium::users
