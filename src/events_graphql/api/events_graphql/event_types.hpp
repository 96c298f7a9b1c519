#pragma once

#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::events_graphql {

/// Declares what operators see and do with events, as docs/operations.md describes it: the types, the queries `events`,
/// `event`, `subscriptions`, `deadLetters`, `failureGroups` and `operation`, the mutations, and the subscription `events`. The
/// bus and the schemas must outlive the schema of GraphQL.
void add_event_types(graphql::schema_builder& schema, events::durable_bus& bus, const event_requests::event_schemas& schemas);

} // namespace atrium::events_graphql
