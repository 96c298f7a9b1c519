#include "graphql_api.hpp"

#include "event_types.hpp"
#include "pages.hpp"

#include <resource/shared_types.hpp>

#include <utility>

namespace atrium::app {
namespace {

graphql::executable_schema make_schema(std::span<host::module* const> modules,
                                       const std::function<void(graphql::schema_builder&)>& add_others, events::feed& feed,
                                       bool is_hidden) {
    graphql::schema_builder schema;
    resource::add_shared_types(schema);
    add_others(schema); // first, so that what modules add to these types is listed behind what they are
    for (auto* module : modules)
        module->add_types(schema);
    add_event_types(schema, feed);
    auto executable = std::move(schema).build();
    if (is_hidden)
        executable.hide();
    return executable;
}

} // namespace

graphql_api::graphql_api(const settings& s, std::span<host::module* const> modules,
                         const std::function<void(graphql::schema_builder&)>& add_others, events::feed& feed, const logger& log)
    : engine_{make_schema(modules, add_others, feed, !s.graphql_http.introspection), s.graphql},
      has_page_{s.graphql_http.graphiql}, endpoint_{engine_, s.graphql_http, graphiql_page, log} {}

void graphql_api::add_routes(http::router& to) {
    endpoint_.add_routes(to, "/graphql/");
    if (has_page_)
        add_asset_routes(to);
}

} // namespace atrium::app
