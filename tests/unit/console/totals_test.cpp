#include "totals.hpp"

#include <support/catch.hpp>

#include <cmath>
#include <limits>

namespace atrium::console {
namespace {

using buckets = std::vector<metrics::reading::bucket>;
using std::chrono::duration;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The metrics that the console reads, with the labels that the parts of the server declare.
struct counted_server {
    metrics::registry registry;
    metrics::counter shown = request("/users/", "200");
    metrics::counter refused = request("/users/", "404");
    metrics::counter failed = request("/orders/", "500");
    metrics::histogram users = duration_of("/users/");
    metrics::histogram orders = duration_of("/orders/");
    metrics::histogram batch = registry.histogram("atrium_storage_batch_size", "Writes", {1, 10, 100});
    metrics::counter published = registry.counter("atrium_events_published_total", "Events", {{"topic", "users.user_created"}});
    metrics::counter handled = outcome("handled");
    metrics::counter failures = outcome("failed");
    metrics::counter dead = outcome("dead");

    metrics::counter request(const std::string& route, const std::string& status) {
        return registry.counter("atrium_http_requests_total", "Requests",
                                {{"method", "GET"}, {"route", route}, {"status", status}});
    }
    metrics::histogram duration_of(const std::string& route) {
        return registry.histogram("atrium_http_request_duration_seconds", "Time", {0.001, 0.01, 0.1}, {{"route", route}});
    }
    metrics::counter outcome(const std::string& word) {
        return registry.counter("atrium_events_deliveries_total", "Runs",
                                {{"outcome", word}, {"subscription", "users.statistics"}});
    }
};

} // namespace

TEST_CASE("a sample has the rates of its interval, not those since the start of the server") {
    counted_server server;
    server.shown.increment(1'000);
    server.batch.observe(100);
    const auto before = read_totals(server.registry);
    server.shown.increment(20);
    server.refused.increment(4);
    server.failed.increment(2);
    server.batch.observe(2);
    server.batch.observe(4);
    server.published.increment(3);
    server.handled.increment(6);
    server.failures.increment(2);
    server.dead.increment();
    server.registry.gauge("atrium_storage_queue_length", "Waiting").set(7);
    server.registry.gauge("atrium_storage_wal_bytes", "Size").set(4'096);
    server.registry.gauge("atrium_http_connections", "Open").set(3);
    const auto s = difference(before, read_totals(server.registry), duration<double>{2});
    CHECK(s[column::requests] == 13);
    CHECK(s[column::client_errors] == 2);
    CHECK(s[column::server_errors] == 1);
    CHECK(s[column::commits] == 1);
    CHECK(s[column::batch] == 3);
    CHECK(s[column::published] == 1.5);
    CHECK(s[column::handled] == 3);
    CHECK(s[column::failed] == 1); // a new dead letter is counted as failed and as dead, but is one failure
    CHECK(s[column::writer_queue] == 7);
    CHECK(s[column::wal] == 4'096);
    CHECK(s[column::connections] == 3);
}

TEST_CASE("the latencies and the batch size of an interval without requests and commits are unknown") {
    counted_server server;
    server.users.observe(0.5);
    server.batch.observe(1);
    const auto now = read_totals(server.registry);
    const auto s = difference(now, now, duration<double>{1});
    CHECK(s[column::requests] == 0);
    CHECK(std::isnan(s[column::p50]));
    CHECK(std::isnan(s[column::p99]));
    CHECK(std::isnan(s[column::batch]));
}

TEST_CASE("the latencies of a sample cover all routes together, but only the requests of its interval") {
    counted_server server;
    for (int i = 0; i < 1'000; ++i)
        server.users.observe(5);
    const auto before = read_totals(server.registry);
    for (int i = 0; i < 90; ++i)
        server.users.observe(0.0005);
    for (int i = 0; i < 10; ++i)
        server.orders.observe(0.05);
    const auto s = difference(before, read_totals(server.registry), duration<double>{1});
    CHECK(s[column::p50] < 0.001);
    CHECK(s[column::p90] == 0.001);
    CHECK(s[column::p99] > 0.01);
    CHECK(s[column::p99] < 0.1);
}

TEST_CASE("the rates of an interval are named after the routes, topics and subscriptions that had traffic in it") {
    counted_server server;
    server.failed.increment(5);
    const auto before = read_totals(server.registry);
    server.shown.increment(3);
    server.refused.increment();
    server.published.increment(2);
    server.handled.increment(8);
    server.request("/new", "200").increment(6); // a series that did not exist before
    const auto found = rates_between(before, read_totals(server.registry), duration<double>{2});
    CHECK(found.routes == std::map<std::string, double>{{"GET /users/", 2}, {"GET /new", 3}});
    CHECK(found.topics == std::map<std::string, double>{{"users.user_created", 1}});
    CHECK(found.subscriptions == std::map<std::string, double>{{"users.statistics", 4}});
}

TEST_CASE("a quantile is interpolated inside its bucket") {
    const buckets now{{1, 10}, {2, 20}, {4, 20}, {infinity, 20}};
    CHECK(quantile({}, now, 0.5) == 1);
    CHECK(quantile({}, now, 0.25) == 0.5);
    CHECK(quantile({}, now, 0.75) == 1.5);
    CHECK(quantile({}, now, 1) == 2);
    const buckets later{{1, 10}, {2, 20}, {4, 30}, {infinity, 30}};
    CHECK(quantile(now, later, 0.5) == 3);
}

TEST_CASE("a quantile beyond the highest finite bound is that bound") {
    const buckets now{{1, 0}, {2, 0}, {infinity, 4}};
    CHECK(quantile({}, now, 0.5) == 2);
    CHECK(quantile({}, now, 0.99) == 2);
}

TEST_CASE("a quantile of no values is unknown") {
    const buckets now{{1, 10}, {infinity, 12}};
    CHECK(std::isnan(quantile(now, now, 0.5)));
    CHECK(std::isnan(quantile({}, {}, 0.5)));
}

} // namespace atrium::console
