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
        if (e.topic == orders::order_created)
            users.count_order(t, order->user_id, e.time);
        else
            users.discount_order(t, order->user_id);
        return {};
    });
}

} // namespace atrium::users
