#pragma once

#include "service.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::users {

/// Adds the part of the GraphQL schema that belongs to users. `users` and `feed` must outlive the schema.
void add_types(graphql::schema_builder& builder, service& users, events::feed& feed);

} // namespace atrium::users
