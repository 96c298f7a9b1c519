#pragma once

#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <graphql/schema_builder.hpp>

/// The pieces of `add_event_types`.
namespace atrium::events_graphql {

void add_objects(graphql::schema_builder& schema);
void add_queries(graphql::schema_builder& schema, events::operations& operations);
void add_mutations(graphql::schema_builder& schema, events::durable_bus& bus, const event_requests::event_schemas& schemas);

} // namespace atrium::events_graphql
