#include "handlers.hpp"

#include <orders/events.hpp>

namespace atrium::users {

events::subscription order_statistics() {
    return {.name = "users.order_statistics",
            .topics = {std::string{orders::order_created}, std::string{orders::order_deleted}}};
}

void add_handlers(events::bus& to, service& users) {
    to.subscribe(order_statistics(), [&users](storage::transaction& t, const events::event& e) -> result<> {
        const auto order = orders::order_fact_of(e);
        if (!order)
            return order.error();
        const auto user =
            order->user_id.value != 0 ? order->user_id : users.id_of(t, order->user); // a plain program may know the name only
        if (e.topic == orders::order_created)
            users.count_order(t, user, e.time);
        else
            users.discount_order(t, user);
        return {};
    });
}

} // namespace atrium::users
