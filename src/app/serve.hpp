#pragma once

#include <app/server.hpp>
#include <app/settings.hpp>
#include <base/log.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace atrium::app {

/// What a command other than `serve` adds to a server.
struct server_additions {
    std::vector<extra_subscription> subscriptions = {};
    /// Called when the server listens at `port`. The result is destroyed before the server begins to stop.
    std::function<std::shared_ptr<void>(std::uint16_t port, const logger& log)> begin = {};
};

/// Serves until a signal arrives, and returns the exit status of the process. Throws an exception whose text is meant for the
/// person at the terminal.
/// @param force see `command_line::force`
[[nodiscard]] int serve(settings s, bool force, const server_additions& additions = {});

/// The URL at which a server with these settings can be reached from this machine.
[[nodiscard]] std::string server_url(const settings& s, std::uint16_t port);

} // namespace atrium::app
