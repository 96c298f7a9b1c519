#pragma once

#include <app/settings.hpp>

namespace atrium::app {

/// Implements `atrium events drain`: asks the server that runs with these settings to drain its messages from the broker, and
/// waits until they are drained. Returns the exit status.
[[nodiscard]] int drain_events(const settings& s);

} // namespace atrium::app
