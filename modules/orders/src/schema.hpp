#pragma once

#include "service.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::orders {

/// What GraphQL clients can ask of orders. `User` is somebody else's type, known by its key. Both outlive the schema.
void add_types(graphql::schema_builder& to, service& orders, events::feed& feed);

} // namespace atrium::orders
