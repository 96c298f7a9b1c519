#pragma once

#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::events_graphql {

/// Declares the part of the GraphQL schema with which operators work with events (docs/operations.md): the types, the queries
/// `events`, `event`, `subscriptions`, `deadLetters`, `failureGroups`, `operations` and `operation`, the mutations, and the
/// subscription `events`. The bus and the event schemas must outlive the GraphQL schema.
void add_event_types(graphql::schema_builder& schema, events::durable_bus& bus, const event_requests::event_schemas& schemas);

} // namespace atrium::events_graphql
