#pragma once

#include <string_view>

namespace atrium::widgets {

/// The topics that widgets publishes, with the key "widget/ID". The data are the fields that its description
/// (`widget_entity`) has in events.
inline constexpr std::string_view widget_created = "widgets.widget_created";
inline constexpr std::string_view widget_updated = "widgets.widget_updated";
inline constexpr std::string_view widget_deleted = "widgets.widget_deleted";

} // namespace atrium::widgets
