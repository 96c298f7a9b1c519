#pragma once

#include "service.hpp"

#include <http/router.hpp>

namespace atrium::users {

/// The REST interface of users: reads and checks requests, asks the service, writes answers. Outlives the router's server.
class routes {
public:
    explicit routes(service& users) : users_{users} {}

    void add_to(http::router& r);

private:
    awaitable<http::response> list(const http::request& q);
    awaitable<http::response> create(const http::request& q);
    awaitable<http::response> show(const http::request& q);
    awaitable<http::response> change(const http::request& q);
    awaitable<http::response> remove(const http::request& q);

    service& users_;
};

} // namespace atrium::users
