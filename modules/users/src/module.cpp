#include "handlers.hpp"
#include "local_directory.hpp"
#include "migrations.hpp"
#include "routes.hpp"
#include "schema.hpp"
#include "service.hpp"

#include <users/module.hpp>

#include <utility>

namespace atrium::users {

host::description describe() {
    return {.name = "users", .migrations = migrations, .subscriptions = {order_statistics()}};
}

struct module::impl {
    explicit impl(host::context c) : here{c.store}, accounts{std::move(c.store), c.bus, c.time}, feed{c.feed}, rest{accounts} {}

    local_directory here; ///< answers other modules
    service accounts;     ///< what can be done with users
    events::feed& feed;   ///< where live streams come from
    routes rest;          ///< how clients ask for it
};

module::module(host::context c) :impl_{std::make_unique<impl>(std::move(c))} {}
module::~module() = default;

void module::add_routes(http::router& to) {
    impl_->rest.add_to(to);
}

void module::add_types(graphql::schema_builder& to) {
    users::add_types(to, impl_->accounts, impl_->feed);
}

void module::add_handlers(events::bus& to) {
    users::add_handlers(to, impl_->accounts);
}

users::directory& module::directory() noexcept {
    return impl_->here;
}

} // namespace atrium::users
