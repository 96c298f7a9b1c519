#pragma once

#include "service.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::users {

/// What GraphQL clients can ask of users. Both outlive the schema.
void add_types(graphql::schema_builder& to, service& users, events::feed& feed);

} // namespace atrium::users
