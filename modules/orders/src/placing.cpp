#include "placing.hpp"

#include "input.hpp"

namespace atrium::orders {

awaitable<result<order>> place(service& orders, http::body_fields& body, users::caller by) {
    const auto wanted = read_new_order(body);
    if (body.finish())
        co_return co_await orders.place(wanted, by);

    if (body.has("username")) {
        const auto customer = co_await orders.find_customer(wanted.username, by);
        if (!customer && customer.error().code == errc::invalid)
            body.fault("username", customer.error().faults.front().detail);
    }
    co_return body.finish().error();
}

} // namespace atrium::orders
