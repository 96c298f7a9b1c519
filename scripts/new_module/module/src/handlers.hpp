#pragma once

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::widgets {

/// What happened to widgets: recorded in a table.
[[nodiscard]] events::subscription history();

/// What the handler reads of events.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Attaches the handler.
void add_handlers(events::bus& to);

} // namespace atrium::widgets
