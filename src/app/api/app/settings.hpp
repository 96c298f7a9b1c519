#pragma once

#include <auth/settings.hpp>
#include <base/log.hpp>
#include <config/schema.hpp>
#include <config/sources.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/settings.hpp>
#include <graphql/limits.hpp>
#include <graphql_http/settings.hpp>
#include <http/settings.hpp>
#include <idempotency/settings.hpp>
#include <rate_limits/settings.hpp>
#include <storage/sqlite/settings.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::app {

/// How events are carried from one module to another.
enum class bus_adapter {
    in_process, ///< through the journal alone; all modules run in this process
    rabbitmq,   ///< through a broker between processes
};

/// The name in the configuration: "in-process".
[[nodiscard]] std::string_view name_of(bus_adapter adapter) noexcept;

/// How long the process waits and works after a signal before it ends.
struct shutdown_settings {
    std::chrono::milliseconds delay{0};         ///< how long new connections and requests are still accepted after the signal
    std::chrono::milliseconds deadline{10'000}; ///< how long running requests and event handlers may take after the delay
};

/// All settings. Each part declares its own; those that belong to no other part are declared in src/app/settings.cpp.
struct settings {
    http::settings http;
    graphql::limits graphql;
    graphql_http::settings graphql_http;
    idempotency::settings idempotency;
    auth::settings auth;
    rate_limits::settings rate_limits;
    storage::sqlite::settings storage;
    std::vector<std::string> modules = {}; ///< the enabled modules; empty means all
    /// The URLs of the other processes whose modules are needed in this process, by the config key of the URL
    /// ("modules.orders.users_url"). If a URL is empty or missing, the needed module runs in this process.
    std::map<std::string, std::string> module_urls = {};
    /// The tokens that this process sends to those processes, by their config key ("modules.orders.users_token"); empty
    /// means no token.
    std::map<std::string, std::string> module_tokens = {};
    bool allow_plain_tokens = false; ///< a token of `module_tokens` may be sent to another machine without TLS
    bus_adapter bus = bus_adapter::in_process;
    events::rabbitmq::settings rabbitmq;
    events::settings events;
    log_settings log;
    shutdown_settings shutdown;
    std::vector<config::setting> configuration = {}; ///< every key with its value and the source of the value, for display

    /// Whether a module with this name exists and is enabled.
    [[nodiscard]] bool runs(std::string_view module) const;
};

/// Errors in the settings. Each one is a line for the person who started the program.
using faults = std::vector<std::string>;

/// Reads the settings from the sources. Returns all errors if there are any.
[[nodiscard]] boost::system::result<settings, faults> read_settings(const config::sources& sources);

/// The reason why a server with these settings must not start: without authentication, it would listen on addresses that other
/// machines can reach. An operator must allow this explicitly (`http.allow_unauthenticated_network`). Empty if there is no such
/// reason.
[[nodiscard]] std::optional<std::string> find_network_exposure(const settings& s);

/// The reason why a server with these settings must not start: it would send a token of `module_tokens` to another machine
/// without TLS, so that everyone on the network between the machines could read and use the token. An operator can allow this
/// (`modules.allow_plain_tokens`). Empty if there is no such reason.
[[nodiscard]] std::optional<std::string> find_exposed_token(const settings& s);

/// The content of the repository's config.toml: every key with its comment and default.
[[nodiscard]] std::string default_file();

/// The table of keys in docs/configuration.md.
[[nodiscard]] std::string key_table();

} // namespace atrium::app
