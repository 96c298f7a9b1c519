#include "handlers.hpp"
#include "local_directory.hpp"
#include "migrations.hpp"
#include "remote_module.hpp"
#include "schema.hpp"
#include "service.hpp"

#include <resource/routes.hpp>
#include <users/events.hpp>
#include <users/module.hpp>

#include <utility>

template class atrium::resource::service<atrium::users::account>; // the functions that all services share

namespace atrium::users {

host::description describe() {
    return {
        .name = "users",
        .migrations = migrations,
        .subscriptions = {order_statistics()},
        .publications = {{{std::string{user_created}, std::string{user_updated}, std::string{user_deleted}}, &account_entity}},
        .consumptions = consumed_events()};
}

host::module_entry entry() {
    return {
        .description = describe(),
        .make = [](host::context c, host::interfaces& shared_interfaces) -> std::unique_ptr<host::module> {
            auto local = std::make_unique<module>(std::move(c));
            shared_interfaces.add<users::directory>(local->directory());
            return local;
        },
        .make_remote = [](host::remote_context c, host::interfaces& shared_interfaces) -> std::unique_ptr<host::remote_module> {
            auto remote = std::make_unique<remote_module>(std::move(c));
            shared_interfaces.add<users::directory>(remote->directory());
            return remote;
        }};
}

struct module::impl {
    explicit impl(host::context c)
        : directory{c.store}, users{{std::move(c.store), c.bus, c.time}}, feed{c.feed},
          routes{users,
                 "/users/",
                 {.list = "List users",
                  .create = "Create a user",
                  .show = "Show a user",
                  .change = "Change a user",
                  .remove = "Delete a user and the user's orders"}} {}

    local_directory directory; ///< for other modules
    service users;             ///< the operations on users
    events::feed& feed;        ///< the events for GraphQL subscriptions
    resource::routes routes;   ///< the REST interface
};

users::module::module(host::context c) : impl_{std::make_unique<impl>(std::move(c))} {}
module::~module() = default;

void module::add_routes(http::router& router) {
    impl_->routes.add_to(router);
}

void module::add_types(graphql::schema_builder& builder) {
    users::add_types(builder, impl_->users, impl_->feed);
}

void module::add_handlers(events::bus& bus) {
    users::add_handlers(bus, impl_->users);
}

users::directory& module::directory() noexcept {
    return impl_->directory;
}

} // namespace atrium::users
