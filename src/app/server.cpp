#include "graphql_api.hpp"
#include "modules.hpp"
#include "operations.hpp"
#include "remote_users.hpp"

#include <app/server.hpp>
#include <base/text.hpp>
#include <events/adapters.hpp>
#include <http/router.hpp>
#include <http/server.hpp>
#include <metrics/registry.hpp>
#include <orders/module.hpp>
#include <storage/sqlite/database.hpp>
#include <users/module.hpp>
#include <users/remote_user_type.hpp>

#include <algorithm>
#include <string_view>
#include <utility>

namespace atrium::app {
namespace {

std::unique_ptr<storage::sqlite::sqlite_database> open_up_to_date(const storage::sqlite::settings& s,
                                                                  metrics::registry& metrics, const logger& log) {
    auto database = std::make_unique<storage::sqlite::sqlite_database>(s, all_schemas(), metrics, log);
    database->migrate(); // which logs what it applies
    return database;
}

/// The one line of configuration that decides whether events stay inside the process.
std::unique_ptr<events::durable_bus> make_bus(const settings& s, events::bus_parts with) {
    switch (s.bus) {
    case bus_adapter::in_process: return events::make_in_process_bus(std::move(with));
    case bus_adapter::rabbitmq: return events::make_rabbitmq_bus(std::move(with), s.rabbitmq);
    }
    throw std::logic_error{"an adapter without a bus"};
}

} // namespace

/// Everything that a server consists of, in the order in which it lives; it dies in the reverse.
struct server::parts {
    system_clock clock;
    metrics::registry metrics;
    std::unique_ptr<storage::sqlite::sqlite_database> database;
    std::unique_ptr<events::durable_bus> bus;
    std::unique_ptr<users::module> users;               // empty where it is not enabled
    std::unique_ptr<app::remote_users> users_elsewhere; // empty unless orders asks another process
    std::unique_ptr<orders::module> orders;             // empty where it is not enabled
    app::graphql_api graphql;
    app::operations operations;
    http::router router;
    http::server http;

    parts(const app::settings& s, const logger& log)
        : database{open_up_to_date(s.storage, metrics, log.named("storage"))}, // one file: users, orders, events
          bus{make_bus(s, {s.events, store_of("events"), clock, metrics, log.named("events")})}, // rows of that file
          users{s.runs("users") ? std::make_unique<users::module>(context_of("users", log)) : nullptr},
          users_elsewhere{s.runs("orders") && !s.users_url.empty()
                              ? std::make_unique<app::remote_users>(s.users_url, clock, metrics, log.named("users client"))
                              : nullptr},
          orders{s.runs("orders")
                     ? std::make_unique<orders::module>(context_of("orders", log), directory()) // users by its interface
                     : nullptr},
          graphql{s, modules(), [this](auto& to) { add_types_of_others(to); }, bus->feed(), log.named("graphql")}, // one schema
          operations{metrics, *database, *bus, log},         // what operators ask
          http{s.http, router, metrics, log.named("http")} { // everything by one port
        for (auto* module : modules()) {
            module->add_handlers(*bus);
            module->add_routes(router);
        }
        graphql.add_routes(router);
        for (const auto& module : compiled_modules()) // an event for a module that does not run here waits for it
            if (!s.runs(module.name))
                for (const auto& subscription : module.subscriptions)
                    bus->declare(subscription);
        if (users_elsewhere)
            operations.add_part("users", [this](json_writer& to) { users_elsewhere->show(to); });
        operations.add_routes(router);
    }

    /// Those that run here.
    std::vector<host::module*> modules() {
        std::vector<host::module*> all{users.get(), orders.get()};
        std::erase(all, nullptr);
        return all;
    }

    void add_types_of_others(graphql::schema_builder& to) {
        if (users_elsewhere)
            users::add_remote_user_type(to, users_elsewhere->directory());
    }

    users::directory& directory() { return users ? users->directory() : users_elsewhere->directory(); }

    storage::store store_of(std::string owner) { return {*database, std::move(owner)}; }
    host::context context_of(const std::string& module, const logger& log) {
        return {store_of(module), *bus, bus->feed(), clock, log.named(module)};
    }
};

server::server(app::settings s, logger log)
    : settings_{std::move(s)}, log_{log.named("app")}, parts_{std::make_unique<parts>(settings_, log_)} {}

server::~server() {
    stop();
}

void server::start(std::function<void()> on_broken) {
    parts_->database->start(std::move(on_broken));
    parts_->bus->start();
    parts_->http.start();
    log_.announce("listening on http://" + authority(settings_.http.address, port()));
}

std::uint16_t server::port() const noexcept {
    return parts_->http.port();
}

bool server::has_lost_database() const {
    return parts_->database->has_lost_file();
}

void server::begin_shutdown() noexcept {
    parts_->http.begin_shutdown(); // first: also the answer that says so ends its connection
    parts_->operations.begin_shutdown();
}

void server::drain(std::chrono::steady_clock::time_point deadline) {
    begin_shutdown();
    parts_->bus->begin_stop();
    parts_->http.drain(deadline);
}

void server::stop(const std::function<void()>& on_closed) {
    const auto deadline = std::chrono::steady_clock::now() + settings_.shutdown.deadline;
    drain(deadline);
    parts_->bus->stop(deadline);
    parts_->database->close();
    on_closed();
    parts_->http.stop(); // last: handlers that were cut off still waited for the database
}

} // namespace atrium::app
