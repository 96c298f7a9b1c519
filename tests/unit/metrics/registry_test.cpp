#include <metrics/registry.hpp>
#include <support/catch.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace atrium::metrics {
namespace {

bool has_line(registry& metric_registry, const std::string& line) {
    return ("\n" + metric_registry.render()).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("an empty registry renders an empty string") {
    registry metric_registry;
    CHECK(metric_registry.render().empty());
}

TEST_CASE("counters, gauges and histograms are rendered in the Prometheus text format") {
    registry metric_registry;
    const auto requests =
        metric_registry.counter("atrium_requests_total", "Requests answered", {{"route", "/users/"}, {"status", "200"}});
    requests.increment();
    requests.increment(2);
    const auto queue = metric_registry.gauge("atrium_queue", "Writes that wait");
    queue.set(5);
    queue.add(-2);
    const auto latency = metric_registry.histogram("atrium_latency_seconds", "Time to answer", {0.1, 1});
    latency.observe(0.05);
    latency.observe(0.5);
    latency.observe(5);

    CHECK(has_line(metric_registry, "# HELP atrium_requests_total Requests answered"));
    CHECK(has_line(metric_registry, "# TYPE atrium_requests_total counter"));
    CHECK(has_line(metric_registry, R"(atrium_requests_total{route="/users/",status="200"} 3)"));
    CHECK(has_line(metric_registry, "atrium_queue 3"));
    CHECK(has_line(metric_registry, R"(atrium_latency_seconds_bucket{le="0.1"} 1)"));
    CHECK(has_line(metric_registry, R"(atrium_latency_seconds_bucket{le="1"} 2)"));
    CHECK(has_line(metric_registry, R"(atrium_latency_seconds_bucket{le="+Inf"} 3)"));
    CHECK(has_line(metric_registry, "atrium_latency_seconds_count 3"));
}

TEST_CASE("the same name and labels return the same time series, and other labels return another one") {
    registry metric_registry;
    metric_registry.counter("atrium_events_total", "Events", {{"topic", "a"}}).increment();
    metric_registry.counter("atrium_events_total", "Events", {{"topic", "a"}}).increment();
    metric_registry.counter("atrium_events_total", "Events", {{"topic", "b"}}).increment(5);

    CHECK(has_line(metric_registry, R"(atrium_events_total{topic="a"} 2)"));
    CHECK(has_line(metric_registry, R"(atrium_events_total{topic="b"} 5)"));
}

TEST_CASE("a function passed to before_render runs before each rendering, so it can update a gauge") {
    registry metric_registry;
    int size = 0;
    metric_registry.before_render(
        [&size, backlog = metric_registry.gauge("atrium_backlog", "Events that wait")] { backlog.set(size); });
    size = 7;
    CHECK(has_line(metric_registry, "atrium_backlog 7"));
    size = 8;
    CHECK(has_line(metric_registry, "atrium_backlog 8"));
}

TEST_CASE("the metrics with given names can be read without rendering them") {
    registry metric_registry;
    metric_registry.counter("atrium_requests_total", "Requests", {{"route", "/a"}}).increment(3);
    metric_registry.counter("atrium_requests_total", "Requests", {{"route", "/b"}}).increment();
    metric_registry.counter("atrium_others_total", "Others").increment();
    metric_registry.before_render([queue = metric_registry.gauge("atrium_queue", "Writes that wait")] { queue.set(7); });
    const auto latency = metric_registry.histogram("atrium_latency_seconds", "Time to answer", {0.1, 1});
    latency.observe(0.05);
    latency.observe(0.5);
    latency.observe(5);

    constexpr std::array<std::string_view, 3> names{"atrium_requests_total", "atrium_queue", "atrium_latency_seconds"};
    std::map<std::string, reading> found;
    for (auto& each : metric_registry.read(names))
        found.emplace(each.name + (each.series_labels.empty() ? "" : each.series_labels.front().second), each);
    CHECK(found.size() == 4);
    CHECK(found.at("atrium_requests_total/a").value == 3);
    CHECK(found.at("atrium_requests_total/a").series_labels == labels{{"route", "/a"}});
    CHECK(found.at("atrium_requests_total/b").value == 1);
    CHECK(found.at("atrium_queue").value == 7);
    const auto& histogram = found.at("atrium_latency_seconds");
    CHECK(histogram.count == 3);
    CHECK(histogram.value == 5.55);
    REQUIRE(histogram.buckets.size() == 3);
    CHECK(histogram.buckets[1].upper_bound == 1);
    CHECK(histogram.buckets[1].count == 2);
    CHECK(std::isinf(histogram.buckets[2].upper_bound));
    CHECK(histogram.buckets[2].count == 3);
}

TEST_CASE("no increments are lost when several threads increment one counter") {
    registry metric_registry;
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([&metric_registry] {
                const auto turns = metric_registry.counter("atrium_turns_total", "Turns");
                for (int i = 0; i < 1000; ++i)
                    turns.increment();
            });
    }
    CHECK(has_line(metric_registry, "atrium_turns_total 4000"));
}

TEST_CASE("the bounds of the latency buckets ascend from 100 microseconds to 10 seconds") {
    const auto bounds = latency_buckets();
    CHECK(std::is_sorted(bounds.begin(), bounds.end()));
    CHECK(bounds.front() == 0.0001);
    CHECK(bounds.back() == 10);
}

} // namespace atrium::metrics
