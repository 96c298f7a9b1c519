#pragma once

#include "widget.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::widgets {

/// Declares the GraphQL types and fields of widgets. `widgets` and `feed` outlive the schema.
void add_types(graphql::schema_builder& builder, widget_service& widgets, events::feed& feed);

} // namespace atrium::widgets
