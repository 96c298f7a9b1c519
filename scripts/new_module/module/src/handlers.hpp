#pragma once

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::widgets {

/// The subscription that records the events of widgets in a table.
[[nodiscard]] events::subscription history();

/// The fields of events that the handler reads.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Registers the handler of the subscription.
void add_handlers(events::bus& bus);

} // namespace atrium::widgets
