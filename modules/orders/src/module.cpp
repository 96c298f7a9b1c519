#include "handlers.hpp"
#include "migrations.hpp"
#include "schema.hpp"
#include "service.hpp"

#include <orders/events.hpp>
#include <orders/module.hpp>
#include <resource/routes.hpp>

#include <utility>

template class atrium::resource::service<atrium::orders::order>; // the functions that all services share

namespace atrium::orders {

host::description describe() {
    return {
        .name = "orders",
        .migrations = migrations,
        .subscriptions = {user_names(), user_departure()},
        .publications = {{{std::string{order_created}, std::string{order_updated}, std::string{order_deleted}}, &order_entity}},
        .consumptions = consumed_events()};
}

host::module_entry entry() {
    return {.description = describe(),
            .needs = {{.module = "users", .purpose = "orders looks up each customer in users"}},
            .make = [](host::context c, host::interfaces& shared_interfaces) -> std::unique_ptr<host::module> {
                return std::make_unique<module>(std::move(c), shared_interfaces.get<users::directory>());
            }};
}

struct module::impl {
    impl(host::context c, users::directory& directory)
        : orders{{std::move(c.store), c.bus, c.time}, directory}, feed{c.feed}, routes{orders,
                                                                                       "/orders/",
                                                                                       {.list = "List orders",
                                                                                        .create = "Place an order",
                                                                                        .show = "Show an order",
                                                                                        .change = "Change an order",
                                                                                        .remove = "Delete an order"}} {}

    service orders;          ///< the operations on orders
    events::feed& feed;      ///< the events for GraphQL subscriptions
    resource::routes routes; ///< the REST interface
};

orders::module::module(host::context c, users::directory& directory) : impl_{std::make_unique<impl>(std::move(c), directory)} {}
module::~module() = default;

void module::add_routes(http::router& router) {
    impl_->routes.add_to(router);
}

void module::add_types(graphql::schema_builder& builder) {
    orders::add_types(builder, impl_->orders, impl_->feed);
}

void module::add_handlers(events::bus& bus) {
    orders::add_handlers(bus, impl_->orders);
}

} // namespace atrium::orders
