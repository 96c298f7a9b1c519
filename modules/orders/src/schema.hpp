#pragma once

#include "service.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::orders {

/// Adds the part of the GraphQL schema that belongs to orders. The type `User` belongs to another module; only its id is used
/// here. `orders` and `feed` must outlive the schema.
void add_types(graphql::schema_builder& builder, service& orders, events::feed& feed);

} // namespace atrium::orders
