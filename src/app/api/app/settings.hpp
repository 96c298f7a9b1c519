#pragma once

#include <base/log.hpp>
#include <config/sources.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/settings.hpp>
#include <graphql/limits.hpp>
#include <graphql_http/settings.hpp>
#include <http/settings.hpp>
#include <storage/sqlite/settings.hpp>

#include <boost/system/result.hpp>

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::app {

/// What carries events from module to module.
enum class bus_adapter {
    in_process, ///< the journal alone; all modules run here
    rabbitmq,   ///< a broker between processes
};

/// As in the configuration: "in-process".
[[nodiscard]] std::string_view name_of(bus_adapter adapter) noexcept;

/// When the process ends after a signal.
struct shutdown_settings {
    std::chrono::milliseconds delay{0};
    std::chrono::milliseconds deadline{10'000};
};

/// Everything that can be configured. Each part declares its own; what is of app alone is declared in src/app/settings.cpp.
struct settings {
    http::settings http;
    graphql::limits graphql;
    graphql_http::settings graphql_http;
    storage::sqlite::settings storage;
    std::vector<std::string> modules = {}; ///< the enabled ones; all if it is empty
    /// Where another process runs a module that one of this process needs, by the key that says so
    /// ("modules.orders.users_url"); empty or missing: it runs here.
    std::map<std::string, std::string> module_urls = {};
    bus_adapter bus = bus_adapter::in_process;
    events::rabbitmq::settings rabbitmq;
    events::settings events;
    log_settings log;
    shutdown_settings shutdown;

    /// Whether there is such a module and it is enabled.
    [[nodiscard]] bool runs(std::string_view module) const;
};

/// Each a line for the person who started the program.
using faults = std::vector<std::string>;

/// The settings that the sources give, or everything that is wrong with them.
[[nodiscard]] boost::system::result<settings, faults> read_settings(const config::sources& from);

/// What config.toml in the repository holds: every key with its comment and default.
[[nodiscard]] std::string default_file();

/// The table of keys in docs/configuration.md.
[[nodiscard]] std::string key_table();

} // namespace atrium::app
