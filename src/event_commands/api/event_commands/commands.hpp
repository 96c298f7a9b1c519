#pragma once

#include <http/settings.hpp>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// `atrium events ...`: a client of the routes for operators. It can do only what any other client of these routes can do.
namespace atrium::event_commands {

enum class verb {
    list,
    show,
    follow,
    subscriptions,
    pause,
    resume,
    dead_letters,
    retry,
    edit,
    discard,
    replay,
    publish,
    resend,
    drain,
    progress,
    cancel,
};

/// One command with its options.
struct command {
    event_commands::verb verb = verb::list;
    std::string server = {}; ///< --server; if it is empty, the server of the configuration is used
    std::string token = {};
    bool allows_plain_token = false; ///< the token may be sent to another machine without TLS
    bool is_json = false;
    bool is_confirmed = false; ///< --yes
    bool is_dry_run = false;
    bool is_all = false;
    bool is_grouped = false;           ///< dead-letters --groups
    std::string target = {};           ///< the seq, subscription, dead letter or operation that the verb applies to
    std::vector<std::string> ids = {}; ///< the ids of dead letters
    std::map<std::string, std::string> fields = {}; ///< the other options, by their names in REST
};

/// Adds the commands to `events`. Parsing a command line then fills `parsed_command`, which must outlive `events`. `add_common`
/// is called for each command, to add the options that all commands of the program have.
void add_commands(CLI::App& events, command& parsed_command, const std::function<void(CLI::App&)>& add_common);

/// Runs the command against the server at `url`. If `url` is invalid, prints an error about --server. `tls` determines which
/// certificate of that server is accepted (see the constructor of `server_client`). Prints results to standard output, and
/// errors and questions to standard error. Returns the exit status: 0 for success, 1 for a failure, 2 for invalid arguments,
/// 130 if the user interrupted the command.
[[nodiscard]] int run(const command& c, const std::string& url, const http::tls_settings& tls);

} // namespace atrium::event_commands
