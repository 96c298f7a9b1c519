#pragma once

#include <app/settings.hpp>

namespace atrium::app {

/// `atrium events drain`: asks the server that runs with these settings to bring home what is at the broker, until it has. The
/// exit status.
[[nodiscard]] int drain_events(const settings& s);

} // namespace atrium::app
