#pragma once

#include "widget.hpp"

#include <events/feed.hpp>
#include <graphql/schema_builder.hpp>

namespace atrium::widgets {

/// What GraphQL clients can ask of widgets. Both outlive the schema.
void add_types(graphql::schema_builder& to, widget_service& widgets, events::feed& feed);

} // namespace atrium::widgets
