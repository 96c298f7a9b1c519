#include "module_settings.hpp"
#include "registry.hpp"

#include <app/settings.hpp>
#include <config/schema.hpp>

#include <boost/asio/ip/address.hpp>

#include <utility>

// Combines the settings that the parts declare. Also declares those that belong to no part: the bus adapter, the shutdown, and
// the log (its code is in base, which must not depend on config). module_settings.cpp declares those about modules.

namespace atrium::app {
namespace {

using namespace std::chrono_literals;

void declare_bus(config::schema& schema, bus_adapter& bus) {
    schema.section("bus", "How events get from module to module.");
    schema.choice("bus.adapter", bus,
                  {{std::string{name_of(bus_adapter::in_process)}, bus_adapter::in_process},
                   {std::string{name_of(bus_adapter::rabbitmq)}, bus_adapter::rabbitmq}},
                  "\"in-process\": through the database alone. \"rabbitmq\": through a broker, so that modules can run in "
                  "separate processes.");
}

void declare_log(config::schema& schema, log_settings& log) {
    auto& [level, format] = log;
    schema.section("log", "What is written to standard error.");
    schema.choice(
        "log.level", level,
        {{"trace", log_level::trace},
         {"debug", log_level::debug},
         {"info", log_level::info},
         {"warning", log_level::warning},
         {"error", log_level::error},
         {"off", log_level::off}},
        "Minimum level of the lines to write. The line with the address on which the server listens is always written.");
    schema.choice("log.format", format, {{"text", log_format::text}, {"json", log_format::json}},
                  "\"text\" for people, \"json\" (one object a line) for programs.");
}

void declare_shutdown(config::schema& schema, shutdown_settings& shutdown) {
    auto& [delay, deadline] = shutdown;
    schema.section("shutdown", "What happens on SIGTERM and SIGINT, and when the terminal of the server is closed: requests "
                               "and event handlers that are running are finished, then the process ends.");
    schema.duration("shutdown.delay", delay, 0ms, 1h,
                    "How long the server continues to answer requests after /readyz has turned 503, so that load balancers can "
                    "notice that it is about to stop. A second signal ends the delay.");
    schema.duration(
        "shutdown.deadline", deadline, 0ms, 1h,
        "How long running requests and event handlers may take after the delay. Then they are cut off; no acknowledged "
        "change is lost.");
}

/// All settings with their defaults, and the schema that fills them, in the order of config.toml.
struct declared_settings {
    settings values;
    config::schema schema;

    declared_settings() {
        http::declare(schema, values.http);
        rate_limits::declare(schema, values.rate_limits);
        graphql::declare(schema, values.graphql);
        graphql_http::declare(schema, values.graphql_http);
        idempotency::declare(schema, values.idempotency);
        auth::declare(schema, values.auth);
        storage::sqlite::declare(schema, values.storage);
        declare_modules(schema, registered_modules(), values);
        declare_bus(schema, values.bus);
        events::rabbitmq::declare(schema, values.rabbitmq);
        events::declare(schema, values.events);
        declare_log(schema, values.log);
        declare_shutdown(schema, values.shutdown);
    }
};

} // namespace

std::string_view name_of(bus_adapter adapter) noexcept {
    switch (adapter) {
    case bus_adapter::in_process: return "in-process";
    case bus_adapter::rabbitmq: return "rabbitmq";
    }
    return {};
}

bool settings::runs(std::string_view module) const {
    return find_module(registered_modules(), module) && is_enabled(*this, module);
}

boost::system::result<settings, faults> read_settings(const config::sources& sources) {
    declared_settings all;
    if (auto found = all.schema.load(sources); !found.empty())
        return found;
    all.values.configuration = all.schema.settings();
    return std::move(all.values);
}

std::optional<std::string> find_network_exposure(const settings& s) {
    boost::system::error_code failure;
    const auto address = boost::asio::ip::make_address(s.http.address, failure);
    if (failure || address.is_loopback() || s.auth.mode != auth::mode::none || s.http.allow_unauthenticated_network)
        return std::nullopt;
    return "http.address is " + s.http.address +
           ", which other machines can reach, while auth.mode is \"none\", so every client that reaches it may do everything; "
           "set auth.mode = "
           "\"token\" (docs/access.md), listen on 127.0.0.1 behind a proxy, or set http.allow_unauthenticated_network = true";
}

std::optional<std::string> find_exposed_token(const settings& s) {
    return find_exposed_token(registered_modules(), s);
}

std::string default_file() {
    return declared_settings{}.schema.render_file(
        "Atrium's configuration: every key with its default. A key that is left out keeps its default.\n"
        "\n"
        "The environment (ATRIUM_HTTP__PORT=8080 for http.port) overrides this file, and the command line (--set "
        "http.port=8080) overrides both. A duration is a number and a unit (ms, s, m, h or d) in quotes. `atrium check` lists "
        "the errors in this file; docs/configuration.md has the details.");
}

std::string key_table() {
    return declared_settings{}.schema.render_table();
}

} // namespace atrium::app
