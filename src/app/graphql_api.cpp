#include "graphql_api.hpp"

#include <events_graphql/event_types.hpp>
#include <graphiql/pages.hpp>
#include <resource/shared_types.hpp>

#include <utility>

namespace atrium::app {
namespace {

graphql::executable_schema make_schema(module_set& modules, events::durable_bus& bus,
                                       const event_requests::event_schemas& schemas, bool has_introspection) {
    graphql::schema_builder schema;
    schema.enforce_access();
    resource::add_shared_types(schema);
    modules.add_types(schema);
    events_graphql::add_event_types(schema, bus, schemas);
    auto executable = std::move(schema).build();
    if (!has_introspection)
        executable.hide();
    return executable;
}

} // namespace

graphql_api::graphql_api(const settings& s, module_set& modules, events::durable_bus& bus,
                         const event_requests::event_schemas& schemas, idempotency::key_store& keys,
                         access::authenticator& authenticator, metrics::registry& metrics, const logger& log)
    : engine_{make_schema(modules, bus, schemas, s.graphql_http.introspection), s.graphql}, has_page_{s.graphql_http.graphiql},
      endpoint_{engine_, s.graphql_http, graphiql::page, metrics, log, &keys, &authenticator} {}

void graphql_api::add_routes(http::router& router) {
    endpoint_.add_routes(router, path);
    if (has_page_)
        graphiql::add_file_routes(router);
}

} // namespace atrium::app
