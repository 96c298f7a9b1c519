#include "console_facts.hpp"
#include "graphql_api.hpp"
#include "module_set.hpp"
#include "registry.hpp"
#include "version.hpp"

#include <api_description/documents.hpp>
#include <app/server.hpp>
#include <auth/authority.hpp>
#include <auth/authorization.hpp>
#include <auth/routes.hpp>
#include <base/awaitable.hpp>
#include <base/text.hpp>
#include <console/routes.hpp>
#include <event_requests/event_schemas.hpp>
#include <events/adapters.hpp>
#include <http/recent_requests.hpp>
#include <http/router.hpp>
#include <http/server.hpp>
#include <idempotency/key_store.hpp>
#include <idempotency/keyed_routes.hpp>
#include <metrics/registry.hpp>
#include <operations/event_routes.hpp>
#include <operations/operator_routes.hpp>
#include <rate_limits/limited_routes.hpp>
#include <storage/sqlite/database.hpp>
#include <storage/store.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::app {
namespace {

std::unique_ptr<storage::sqlite::sqlite_database> open_and_migrate(const storage::sqlite::settings& s,
                                                                   metrics::registry& metrics, const logger& log) {
    auto database = std::make_unique<storage::sqlite::sqlite_database>(s, all_schemas(), metrics, log);
    database->migrate(); // logs the migrations that it applies
    for (const auto& module : registered_modules())
        host::require_tables(module.description, *database);
    return database;
}

std::vector<const host::description*> all_descriptions() {
    std::vector<const host::description*> all;
    for (const auto& module : registered_modules())
        all.push_back(&module.description);
    return all;
}

/// The setting `bus.adapter` alone decides whether events stay inside the process.
std::unique_ptr<events::durable_bus> make_bus(const settings& s, events::bus_parts parts) {
    switch (s.bus) {
    case bus_adapter::in_process: return events::make_in_process_bus(std::move(parts));
    case bus_adapter::rabbitmq: return events::make_rabbitmq_bus(std::move(parts), s.rabbitmq);
    }
    throw std::logic_error{"unknown bus adapter"};
}

/// Calls a function when it has been counted down to 0. Can be used on any thread.
class countdown {
public:
    countdown(std::size_t count, std::function<void()> on_end) : count_{count}, on_end_{std::move(on_end)} {}

    void count() {
        if (--count_ == 0)
            on_end_();
    }

private:
    std::atomic<std::size_t> count_;
    std::function<void()> on_end_;
};

/// Waits until the writer has called a function that changes nothing, or has refused or failed to do so. Then counts `awaited`
/// down.
awaitable<> respond(storage::store store, std::shared_ptr<countdown> awaited) {
    try {
        (void)co_await store.write([](storage::transaction&) -> result<> { return {}; }, storage::write_priority::internal);
    } catch (const std::exception&) { // ignored: a failure, such as that of a disk, is reported by other code
    }
    awaited->count();
}

} // namespace

/// All parts of a server, in the order in which they are created. They are destroyed in the reverse order.
struct server::parts {
    system_clock clock;
    metrics::registry metrics;
    std::unique_ptr<storage::sqlite::sqlite_database> database;
    std::unique_ptr<events::durable_bus> bus;
    idempotency::key_store keys;
    auth::authority authority;
    module_set modules;
    event_requests::event_schemas schemas;
    app::graphql_api graphql;
    operations::operator_routes operations;
    operations::event_routes events;
    auth::routes credentials;
    api_description::documents documents;
    http::router router;
    http::recent_requests requests;
    std::unique_ptr<console::routes> console; ///< created when the modules have added their routes
    http::server http;

    parts(const app::settings& s, std::vector<extra_subscription> extra, const logger& log)
        : database{open_and_migrate(s.storage, metrics, log.named("storage"))}, // one file for all modules and the journal
          bus{make_bus(s, {s.events, storage::store{*database, "events"}, clock, metrics, log.named("events")})},
          keys{s.idempotency, {*database, clock, metrics, log.named("idempotency")}}, // responses to repeated requests
          authority{s.auth,
                    {.database = *database,
                     .time = clock,
                     .metrics = metrics,
                     .log = log.named("auth"),
                     .trust = s.http.tls.trust}},                                   // identifies the senders of requests
          modules{registered_modules(), s, {*database, *bus, clock, metrics, log}}, // registry.cpp lists them
          schemas{published_topics(registered_modules())},                          // the events that an operator can publish
          graphql{s,    modules,   *bus,    schemas,
                  keys, authority, metrics, log.named("graphql")}, // one schema with the types of all modules
          operations{{std::string{version()}, build_info()}, metrics, *database, *bus, log}, // the routes for operators
          events{*bus, schemas}, credentials{authority, console::routes::has_page() ? "/" : ""},
          http{s.http, router, metrics, log.named("http"), &requests} { // everything on one port
        modules.add_handlers(*bus);
        modules.add_routes(router);
        graphql.add_routes(router);
        for (const auto& remote : modules.remotes())
            operations.add_part(remote.name, [&remote](json_writer& json) { remote.module->show(json); });
        if (console::routes::has_page())
            operations.set_page(console::routes::page);
        operations.add_routes(router);
        events.add_routes(router);
        auto facts = console_facts(s, modules, *database, clock);
        for (auto& each : extra) {
            const auto& name = each.subscription.name;
            facts.subscriptions.push_back({name, name.substr(0, name.find('.')), each.subscription.topics});
            bus->subscribe(std::move(each.subscription), std::move(each.handler));
        }
        console = std::make_unique<console::routes>(console::routes_parts{.facts = std::move(facts),
                                                                          .metrics = metrics,
                                                                          .bus = *bus,
                                                                          .requests = requests,
                                                                          .time = clock,
                                                                          .log = log.named("console")});
        console->add_routes(router);
        idempotency::accept_keys(router, keys, graphql_api::path); // after the routes whose responses may be stored were added
        credentials.add_routes(router);
        documents.add_routes(router);
        rate_limits::limit_requests(router, s.rate_limits, graphql_api::path, metrics);
        router.set_authorization(auth::make_authorization(authority));
        documents.render(router, all_descriptions(), version()); // after all routes are complete
    }
};

server::server(app::settings s, logger log, std::vector<extra_subscription> extra)
    : settings_{std::move(s)}, log_{log.named("app")}, parts_{std::make_unique<parts>(settings_, std::move(extra), log_)} {}

server::~server() {
    stop();
}

void server::start(std::function<void()> on_broken) {
    parts_->database->start(std::move(on_broken));
    parts_->keys.start();
    parts_->authority.start();
    parts_->bus->start();
    parts_->console->start();
    parts_->http.start();
    const std::string scheme = settings_.http.tls.is_on() ? "https://" : "http://";
    log_.announce("listening on " + scheme + authority(settings_.http.address, port()));
}

std::uint16_t server::port() const noexcept {
    return parts_->http.port();
}

void server::visit_workers(std::function<void()> function) {
    parts_->http.visit_workers([function = std::move(function)](executor) { function(); });
}

void server::request_response(std::function<void()> on_response) {
    auto awaited = std::make_shared<countdown>(parts_->http.worker_count(), std::move(on_response));
    parts_->http.visit_workers([awaited, store = storage::store{*parts_->database, "app"}, log = log_](executor worker) {
        spawn_logged(worker, respond(store, awaited), log, "response of the writer");
    });
}

std::optional<std::string> server::first_link() const {
    const auto& code = parts_->authority.first_code();
    return code ? std::optional{auth::routes::first_link(*code)} : std::nullopt;
}

bool server::has_route(std::string_view pattern) const {
    return std::ranges::any_of(parts_->router.routes(), [&](const auto& each) { return each.pattern == pattern; });
}

bool server::has_lost_database() const {
    return parts_->database->has_lost_file();
}

void server::reload() {
    if (!parts_->http.reload_certificate())
        log_.info(
            "there is nothing to reload: only the TLS certificate and its key can be reloaded, and tls.certificate is not set");
}

void server::begin_shutdown() noexcept {
    parts_->http.begin_shutdown(); // first, so that /readyz never returns 503 without `Connection: close`
    parts_->operations.begin_shutdown();
}

void server::drain(std::chrono::steady_clock::time_point deadline) {
    begin_shutdown();
    parts_->bus->begin_stop();
    parts_->console->begin_stop();
    parts_->http.drain(deadline);
}

void server::stop(const std::function<void()>& on_closed) {
    const auto deadline = std::chrono::steady_clock::now() + settings_.shutdown.deadline;
    drain(deadline);
    parts_->console->stop();
    parts_->bus->stop(deadline);
    parts_->keys.stop();
    parts_->authority.stop();
    parts_->database->close();
    on_closed();
    parts_->http.stop(); // after the database is closed, because handlers that were cut off may wait for a commit
}

} // namespace atrium::app
