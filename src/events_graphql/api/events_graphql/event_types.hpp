#pragma once

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::events_graphql {

/// Adds the type `Event` and the subscription `events`, which follows the journal. `feed` must outlive the schema.
void add_event_types(graphql::schema_builder& schema, events::feed& feed);

} // namespace atrium::events_graphql
