#include "handlers.hpp"
#include "migrations.hpp"
#include "routes.hpp"
#include "schema.hpp"
#include "service.hpp"

#include <orders/module.hpp>

#include <utility>

namespace atrium::orders {

host::description describe() {
    return {.name = "orders", .migrations = migrations, .subscriptions = {user_names(), user_departure()}};
}

struct module::impl {
    impl(host::context c, users::directory& users)
        : placed{std::move(c.store), c.bus, c.time, users}, feed{c.feed}, rest{placed} {}

    service placed;     ///< what can be done with orders
    events::feed& feed; ///< where live streams come from
    routes rest;        ///< how clients ask for it
};

module::module(host::context c, users::directory& directory) :impl_{std::make_unique<impl>(std::move(c), directory)} {}
module::~module() = default;

void module::add_routes(http::router& to) {
    impl_->rest.add_to(to);
}

void module::add_types(graphql::schema_builder& to) {
    orders::add_types(to, impl_->placed, impl_->feed);
}

void module::add_handlers(events::bus& to) {
    orders::add_handlers(to, impl_->placed);
}

} // namespace atrium::orders
