#pragma once

#include <base/log.hpp>
#include <config/sources.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/settings.hpp>
#include <graphql/limits.hpp>
#include <graphql_http/endpoint.hpp>
#include <http/server.hpp>
#include <storage/sqlite/database.hpp>

#include <boost/system/result.hpp>

#include <chrono>
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

/// Everything that can be configured, each part as its owner declares it. The defaults are those of config.toml.
struct settings {
    http::settings http;
    graphql::limits graphql;
    graphql_http::settings graphql_http;
    bool introspection = true; ///< whether GraphQL clients may ask for the schema
    bool graphiql = true;      ///< whether browsers get a page at /graphql/
    storage::sqlite::settings storage;
    std::vector<std::string> modules = {"users", "orders"}; ///< the enabled ones
    std::string users_url = {};                             ///< where users answers that orders asks; empty: here
    bus_adapter bus = bus_adapter::in_process;
    events::rabbitmq::settings rabbitmq;
    events::settings events;
    log_settings log;
    std::chrono::milliseconds shutdown_delay{0};         ///< from the signal until new connections are refused
    std::chrono::milliseconds shutdown_deadline{10'000}; ///< from there to the end, at the most

    /// Whether that module is enabled.
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
