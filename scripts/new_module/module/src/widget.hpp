#pragma once

#include <base/clock.hpp>
#include <entity/description.hpp>
#include <resource/service.hpp>
#include <widgets/widget.hpp>

#include <cstdint>
#include <string>

namespace atrium::widgets {

/// One row of the table, as this module stores it and clients see it.
struct widget {
    widget_id id = {};
    std::string title = {};
    std::int64_t revision = 1;
    timestamp created_at = {};
    timestamp updated_at = {};
};

/// To add a field, add a member above, a line here, and a column in a new migration.
inline const entity::described<widget> widget_entity = entity::describe<widget>(
    "Widget", "One of the widgets of this module.", entity::table{"widgets_widget", "t"},
    entity::field{"id", &widget::id, "t.id"}.as(entity::role::identifier).in_events("widget_id").sort(),
    entity::field{"title", &widget::title, "t.title", "The title of the widget."}
        .in_events()
        .create(entity::required, entity::length(1, 100))
        .change(entity::length(1, 100))
        .filter(entity::prefix)
        .sort(),
    entity::field{"revision", &widget::revision, "t.revision", "Counts every change."}.as(entity::role::revision).in_events(),
    entity::field{"created_at", &widget::created_at, "t.created_at"}.as(entity::role::created_at),
    entity::field{"updated_at", &widget::updated_at, "t.updated_at"}.as(entity::role::updated_at));

/// Reads and changes widgets. For rules beyond the description, derive a class that overrides `before_insert` and
/// `before_update`: see modules/users/src/service.hpp.
using widget_service = resource::service<widget>;

} // namespace atrium::widgets
