#pragma once

#include <config/sources.hpp>

#include <boost/system/result.hpp>

namespace atrium::app {

enum class command {
    serve,   ///< migrate, then serve until a signal comes
    migrate, ///< bring the database up to date
    check,   ///< look at configuration and database, change nothing
    drain,   ///< events drain: ask the running server to bring home what is at the broker
    version,
};

/// What the person at the terminal asked for.
struct command_line {
    app::command command;
    config::sources sources; ///< --config (else ./config.toml where there is one), the environment, --set
    bool dry_run = false;    ///< migrate: only say what would be done
    bool force = false;      ///< serve: give up what may be left at the broker of another bus adapter
};

/// Exit statuses of the program.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Reads the arguments; where they ask for help or are wrong, prints that and returns the exit status.
[[nodiscard]] boost::system::result<command_line, int> parse_command_line(int count, const char* const* arguments);

/// Does what was asked; the exit status.
[[nodiscard]] int run(const command_line& asked);

} // namespace atrium::app
