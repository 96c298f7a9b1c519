#pragma once

#include "service.hpp"

#include <http/router.hpp>

namespace atrium::orders {

/// The REST interface of orders: reads and checks requests, asks the service, writes answers. Outlives the router's server.
class routes {
public:
    explicit routes(service& orders) : orders_{orders} {}

    void add_to(http::router& r);

private:
    awaitable<http::response> list(const http::request& q);
    awaitable<http::response> place(const http::request& q);
    awaitable<http::response> show(const http::request& q);
    awaitable<http::response> change(const http::request& q);
    awaitable<http::response> remove(const http::request& q);

    service& orders_;
};

} // namespace atrium::orders
