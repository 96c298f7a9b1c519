#include "handlers.hpp"
#include "migrations.hpp"
#include "schema.hpp"
#include "widget.hpp"

#include <resource/routes.hpp>
#include <widgets/events.hpp>
#include <widgets/module.hpp>

#include <string>
#include <utility>

namespace atrium::widgets {

host::description describe() {
    return {.name = "widgets",
            .migrations = migrations,
            .subscriptions = {history()},
            .publications = {{{std::string{widget_created}, std::string{widget_updated}, std::string{widget_deleted}},
                              &widget_entity}},
            .consumptions = consumed_events()};
}

host::module_entry entry() {
    return {.description = describe(), .make = [](host::context c, host::interfaces&) -> std::unique_ptr<host::module> {
                return std::make_unique<module>(std::move(c));
            }};
}

struct module::impl {
    explicit impl(host::context c)
        : service{widget_entity, {widget_created, widget_updated, widget_deleted}, {std::move(c.store), c.bus, c.time}},
          feed{c.feed}, routes{service,
                               "/widgets/",
                               {.list = "List widgets",
                                .create = "Create a widget",
                                .show = "Show a widget",
                                .change = "Change a widget",
                                .remove = "Delete a widget"}} {}

    widget_service service;  ///< reads and changes widgets
    events::feed& feed;      ///< source of the events for GraphQL subscriptions
    resource::routes routes; ///< the REST interface
};

widgets::module::module(host::context c) : impl_{std::make_unique<impl>(std::move(c))} {}
module::~module() = default;

void module::add_routes(http::router& router) {
    impl_->routes.add_to(router);
}

void module::add_types(graphql::schema_builder& builder) {
    widgets::add_types(builder, impl_->service, impl_->feed);
}

void module::add_handlers(events::bus& bus) {
    widgets::add_handlers(bus);
}

} // namespace atrium::widgets
