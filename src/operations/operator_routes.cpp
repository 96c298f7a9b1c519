#include "operator_descriptions.hpp"

#include <base/json_texts.hpp>
#include <http/media_type.hpp>
#include <http/without_caching.hpp>
#include <operations/broker_json.hpp>
#include <operations/operator_routes.hpp>
#include <operations/route_json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace atrium::operations {
namespace {

http::response index_of(const http::router& routes, std::string_view version) {
    std::string body;
    json_writer json{body};
    json.begin_object().key("name").value("atrium").key("version").value(version).key("routes").begin_array();
    for (const auto& each : routes.routes())
        show(json, each);
    json.end_array().end_object();
    return http::without_caching(http::json(std::move(body)));
}

} // namespace

operator_routes::operator_routes(program p, metrics::registry& metrics, const storage::sqlite::sqlite_database& database,
                                 events::durable_bus& bus, logger log)
    : program_{std::move(p)}, metrics_{metrics}, database_{database}, bus_{bus}, log_{std::move(log)} {
    metrics
        .gauge("atrium_build_info", "Always 1; the labels are the version and build of the program",
               {{"version", program_.version}, {"build", program_.build}})
        .set(1);
    const std::chrono::duration<double> now = std::chrono::system_clock::now().time_since_epoch();
    metrics.gauge("atrium_start_time_seconds", "Time at which this server was started, in seconds since 1970").set(now.count());
    const auto dropped =
        metrics.counter("atrium_log_lines_dropped_total", "Log lines that could not be written to standard error");
    metrics.before_render([dropped, log = log_, seen = std::uint64_t{0}]() mutable {
        const auto now_dropped = log.dropped_lines();
        dropped.increment(static_cast<double>(now_dropped - std::exchange(seen, now_dropped)));
    });
}

void operator_routes::add_part(std::string name, std::function<void(json_writer&)> show) {
    parts_.emplace_back(std::move(name), std::move(show));
}

void operator_routes::set_page(std::function<http::response(const http::request&)> page) {
    page_ = std::move(page);
}

void operator_routes::add_routes(http::router& router) {
    router
        .get("/",
             page_ ? "The name, version and routes of this server; browsers get the console"
                   : "The name, version and routes of this server",
             [this, &router](const http::request& q) -> awaitable<http::response> {
                 auto answer = page_ && http::wants_page(q) ? page_(q) : index_of(router, program_.version);
                 answer.set("Vary", "Accept"); // so that caches do not mix up the page and the index
                 co_return answer;
             })
        .open()
        .describe(describe_index());
    // Vital routes are served even if other requests are refused or wait, because memory or processor time is short.
    router
        .get_vital("/livez", "Whether the process is alive",
                   [](const http::request&) -> awaitable<http::response> {
                       co_return http::without_caching(http::json(R"({"alive":true})"));
                   })
        .open()
        .describe(describe_liveness());
    router
        .get_vital("/readyz", "Whether this process should receive traffic, and the state of each part",
                   [this](const http::request&) { return show_readiness(); })
        .open()
        .describe(describe_readiness());
    router
        .get_vital("/metrics", "Metrics in the Prometheus text format", [this](const http::request&) { return show_metrics(); })
        .scope("metrics:read")
        .describe(describe_metrics());
}

awaitable<http::response> operator_routes::show_readiness() {
    const auto storage = database_.healthy();
    const auto backlog = co_await count_backlog();
    const bool is_ending = is_shutting_down_;
    const bool is_ready = storage.has_value() && !is_ending; // problems of the bus do not count, because they only delay events
    const auto broker = bus_.broker();
    const bool is_drained = broker && broker->drained;

    std::string body;
    json_writer json{body};
    json.begin_object().key("ready").value(is_ready);
    json.key("storage").begin_object().key("ready").value(storage.has_value());
    if (!storage)
        json.key("detail").value(storage.error().detail);
    json.end_object();
    json.key("bus").begin_object().key("ready").value(backlog && !is_drained).key("adapter").value(bus_.adapter());
    if (broker)
        show(json.key("broker"), *broker);
    if (backlog)
        json.key("pending")
            .value(backlog->pending)
            .key("dead_letters")
            .value(backlog->dead)
            .key("oldest_pending_ms")
            .value(std::int64_t{backlog->oldest.count()});
    if (backlog && !backlog->gaps.empty())
        write_texts(json.key("gaps"), backlog->gaps);
    if (!backlog)
        json.key("detail").value(backlog.error().detail);
    else if (is_drained)
        json.key("detail").value("drained: events wait in the journal, and publishing is paused until the next start");
    json.end_object();
    for (const auto& [name, show] : parts_)
        show(json.escaped_key(name));
    json.key("drained").value(is_drained).key("shutting_down").value(is_ending).end_object();

    auto answer = http::without_caching(http::json(std::move(body)));
    answer.status = is_ready ? http::status::ok : http::status::service_unavailable;
    co_return answer;
}

awaitable<http::response> operator_routes::show_metrics() {
    const bool is_storage_ready = database_.healthy().has_value();
    metrics_.gauge("atrium_storage_ready", "1 if the database can be read and written, otherwise 0")
        .set(is_storage_ready ? 1 : 0);
    metrics_.gauge("atrium_ready", "1 if /readyz reports that the process should receive traffic, otherwise 0")
        .set(is_storage_ready && !is_shutting_down_ ? 1 : 0);
    (void)co_await count_backlog(); // updates the gauges of the backlog; if that fails, they keep their values
    co_return http::without_caching({.content_type = "text/plain; version=0.0.4; charset=utf-8", .body = metrics_.render()});
}

/// The backlog of the bus, or an error if the database is broken. The error is returned and not thrown, because /readyz and
/// /metrics must respond in that case as well.
awaitable<result<events::backlog>> operator_routes::count_backlog() {
    try {
        co_return co_await bus_.inspect();
    } catch (const std::exception& broken) {
        log_.warning("the journal cannot be read", {{"reason", broken.what()}});
        co_return error{errc::unavailable, "the journal cannot be read"};
    }
}

} // namespace atrium::operations
