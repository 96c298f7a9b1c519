#pragma once

#include <config/sources.hpp>
#include <event_commands/commands.hpp>

#include <boost/system/result.hpp>

#include <filesystem>
#include <string>
#include <vector>

namespace atrium::app {

enum class command {
    serve,   ///< migrate, then serve until a signal arrives
    demo,    ///< serve sample data from a database of its own
    migrate, ///< bring the database up to date
    check,   ///< check configuration and database without changes
    backup,  ///< copy the database to a file
    events,  ///< show and change the events of a running server
    token,   ///< create, list and revoke tokens
    version,
    print, ///< print a text: the manual page, the completions of a shell, or the graph of the modules
};

enum class token_verb { create, list, revoke };

/// `atrium token ...`
struct token_command {
    token_verb verb = token_verb::list;
    std::string name = {};
    std::vector<std::string> scopes = {};
    std::string expires = {}; ///< a duration; empty means never
    bool is_json = false;
};

/// The command that a command line contains, and its options.
struct command_line {
    app::command command;
    config::sources sources; ///< --config (otherwise ./config.toml, if it exists), the environment, --set
    bool dry_run = false;    ///< migrate: only list the pending migrations
    event_commands::command events = {};
    token_command token = {};
    bool force = false; ///< serve: ignore events that may be left at the broker of another bus adapter; backup: replace a file
    std::filesystem::path target{}; ///< backup: the file to write
    bool tolerates_absence = false; ///< backup: succeed if there is no database yet
    std::string text{};             ///< print: the text
};

/// Exit statuses of the program.
inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

/// Reads the arguments. If they are invalid or contain --help, prints a message and returns the exit status.
[[nodiscard]] boost::system::result<command_line, int> parse_command_line(int count, const char* const* arguments);

/// Runs the command and returns the exit status.
[[nodiscard]] int run(const command_line& options);

} // namespace atrium::app
