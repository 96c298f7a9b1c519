#include "handlers.hpp"

#include <base/ids.hpp>
#include <entity/event_data.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace atrium::users {
namespace {

constexpr std::string_view order_created = "orders.order_created";
constexpr std::string_view order_deleted = "orders.order_deleted";

/// The data that this module reads from an event about an order. A program that publishes through a bridge may send only the
/// name of the user.
struct counted_order {
    std::optional<user_id> user;
    std::optional<std::string> username;
};
const auto counted_order_data = entity::describe_data<counted_order>(entity::datum{"user_id", &counted_order::user},
                                                                     entity::datum{"user", &counted_order::username});

/// The id of the order, from the key of the event. Empty for events from other programs, which arrive through a bridge and have
/// other keys.
std::optional<order_id> find_order_id(const events::event& e) {
    constexpr std::string_view prefix = "order/";
    const auto number = e.key.starts_with(prefix) ? parse_id(std::string_view{e.key}.substr(prefix.size())) : std::nullopt;
    return number ? std::optional{order_id{*number}} : std::nullopt;
}

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
        const order_change change{.order = find_order_id(e), .user = user, .time = e.time, .is_replay = !e.replay.empty()};
        if (e.topic == order_created)
            users.count_order(t, change);
        else
            users.discount_order(t, change);
        return {};
    });
}

} // namespace atrium::users
