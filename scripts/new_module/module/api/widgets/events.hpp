#pragma once

#include <string_view>

namespace atrium::widgets {

/// The topics of the events that this module publishes. Their key is "widget/ID", and their data are the fields that are
/// declared with `in_events` in the description (`widget_entity`).
inline constexpr std::string_view widget_created = "widgets.widget_created";
inline constexpr std::string_view widget_updated = "widgets.widget_updated";
inline constexpr std::string_view widget_deleted = "widgets.widget_deleted";

} // namespace atrium::widgets
