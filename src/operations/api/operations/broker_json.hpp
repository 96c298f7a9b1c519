#pragma once

#include <base/json_writer.hpp>
#include <events/durable_bus.hpp>

namespace atrium::operations {

/// Writes the state of the connections to the broker, as /readyz and the console show it.
void show(json_writer& json, const events::broker_state& b);

} // namespace atrium::operations
