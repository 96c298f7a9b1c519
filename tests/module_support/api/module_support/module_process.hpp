#pragma once

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <events/adapters.hpp>
#include <graphql/engine.hpp>
#include <graphql/schema_builder.hpp>
#include <host/module.hpp>
#include <http/router.hpp>
#include <idempotency/keyed_routes.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <atomic>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// A clock that stands still until the test sets it. Any thread.
class settable_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override { return timestamp{std::chrono::milliseconds{milliseconds_}}; }
    void set(timestamp when) { milliseconds_ = when.time_since_epoch().count(); }
    void advance(std::chrono::milliseconds duration) { milliseconds_ += duration.count(); }

private:
    std::atomic<std::int64_t> milliseconds_ = 1'795'348'800'000; // 2026-11-22T12:00:00Z
};

/// The response of a route.
struct module_answer {
    http::status status;
    std::string body;
    std::vector<std::pair<std::string_view, std::string>> headers;

    [[nodiscard]] boost::json::value json() const;
    /// The value of a header; empty if there is no such header.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The path and query of the next page, from the header Link; empty on the last page.
    [[nodiscard]] std::string next_page() const;
};

/// One process with modules but without sockets: a real database in a temporary file, the in-process bus, and the routes. The
/// modules' clock stands still until the test moves it. The bus uses the machine's clock, because it waits for points in time.
///
///     module_process process{{users::describe()}};
///     users::module users{process.context("users")};
///     process.start(users);
class module_process {
public:
    /// `prepare` can write the database file before the process opens it, for example in the state of an earlier version.
    explicit module_process(const std::vector<host::description>& modules,
                            const std::function<void(const std::filesystem::path&)>& prepare = {});
    ~module_process();

    [[nodiscard]] host::context context(const std::string& module);
    [[nodiscard]] storage::store store(const std::string& owner) { return {database_, owner}; }
    [[nodiscard]] events::bus& bus() noexcept { return *bus_; }
    [[nodiscard]] events::operations& operations() noexcept { return bus_->operations(); }
    [[nodiscard]] settable_clock& time() noexcept { return time_; }
    [[nodiscard]] idempotency::key_store& keys() noexcept { return keys_; }
    /// The routes that `start` has added, for a test that needs a real server in front of them.
    [[nodiscard]] const http::router& routes() const noexcept { return router_; }

    /// Adds the routes, types and handlers of all modules and starts the delivery of events. The modules must live until
    /// `stop`.
    template <class... M>
    void start(M&... modules) {
        (modules.add_routes(router_), ...);
        idempotency::accept_keys(router_, keys_, {});
        add_types_ = [&modules...](graphql::schema_builder& builder) { (modules.add_types(builder), ...); };
        (modules.add_handlers(*bus_), ...);
        bus_->start();
    }
    /// Must be called before the modules are destroyed. Idempotent.
    void stop();

    /// Waits until every event has been handled.
    void settle();

    /// Sends a request to the routes. A body is sent as JSON unless `headers` specify another type.
    module_answer send(http::verb method, std::string_view target, std::string_view body = {},
                       std::vector<http::field> headers = {});
    module_answer get(std::string_view target, std::vector<http::field> headers = {}) {
        return send(http::verb::get, target, {}, std::move(headers));
    }
    module_answer post(std::string_view target, std::string_view body) { return send(http::verb::post, target, body); }
    module_answer patch(std::string_view target, std::string_view body, std::vector<http::field> headers = {}) {
        return send(http::verb::patch, target, body, std::move(headers));
    }
    module_answer remove(std::string_view target, std::vector<http::field> headers = {}) {
        return send(http::verb::delete_, target, {}, std::move(headers));
    }

    /// Runs a GraphQL request, which may be invalid, and returns the response. `claim` belongs to the request's idempotency
    /// key; null if it has none.
    boost::json::value ask(std::string query, boost::json::object variables = {}, idempotency::claim* claim = nullptr);

    /// Starts a subscription, which must be valid. `next_of` returns its next response; it waits forever if no event is
    /// published.
    std::unique_ptr<graphql::response_stream> subscribe(std::string query);
    static std::string next_of(graphql::response_stream& responses) { return run(responses.next()).value().body; }

    /// Publishes an event as the module whose name is the first word of the topic.
    void publish(events::new_event e);

    /// All events of a topic in the order of publication; of all topics if `topic` is empty. Only seq, topic, key, traceparent,
    /// data and time are set.
    [[nodiscard]] std::vector<events::event> published(std::string_view topic = {});

    /// The number of dead letters, at most 1000.
    [[nodiscard]] std::size_t dead_letters();
    /// Retries all dead letters, as an operator would.
    void retry_dead_letters();

private:
    const graphql::engine& engine();

    std::filesystem::path prepare_file(const std::function<void(const std::filesystem::path&)>& prepare);

    temporary_directory folder_;
    settable_clock time_;
    system_clock bus_time_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_;
    std::unique_ptr<events::durable_bus> bus_;
    idempotency::key_store keys_{{}, {database_, time_, metrics_, {}}};
    http::router router_;
    std::function<void(graphql::schema_builder&)> add_types_;
    /// Created when a test first uses GraphQL. If the modules of a test use types of modules that do not run here, the schema
    /// cannot be built, but such a test can still use the routes.
    std::optional<graphql::engine> engine_;
};

} // namespace atrium::support
