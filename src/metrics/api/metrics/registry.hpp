#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
} // namespace prometheus

namespace atrium::metrics {

/// Label names and values of one time series: `{{"route", "/users/"}, {"status", "200"}}`.
using labels = std::vector<std::pair<std::string, std::string>>;

/// A number that only grows. A cheap handle, valid as long as its registry; any thread. Names end in `_total`.
class counter {
public:
    void increment(double by = 1) const noexcept;

private:
    friend class registry;
    explicit counter(prometheus::Counter& c) : impl_{&c} {}
    prometheus::Counter* impl_;
};

/// A number that goes up and down. A cheap handle, valid as long as its registry; any thread.
class gauge {
public:
    void set(double value) const noexcept;
    void add(double by) const noexcept;

private:
    friend class registry;
    explicit gauge(prometheus::Gauge& g) : impl_{&g} {}
    prometheus::Gauge* impl_;
};

/// Counts observations in buckets. A cheap handle, valid as long as its registry; any thread. Durations are in seconds.
class histogram {
public:
    void observe(double value) const;

private:
    friend class registry;
    explicit histogram(prometheus::Histogram& h) : impl_{&h} {}
    prometheus::Histogram* impl_;
};

/// All measurements of one server, shown at /metrics in the Prometheus text format. Any thread; outlives every handle.
///
/// Asking for the same name and labels again gives the same series.
class registry {
public:
    registry();
    ~registry();
    registry(const registry&) = delete;
    registry& operator=(const registry&) = delete;

    [[nodiscard]] metrics::counter counter(std::string_view name, std::string_view help, const labels& of = {});
    [[nodiscard]] metrics::gauge gauge(std::string_view name, std::string_view help, const labels& of = {});
    /// `upper_bounds` ascend; the bucket for everything beyond is added.
    [[nodiscard]] metrics::histogram histogram(std::string_view name, std::string_view help, std::vector<double> upper_bounds,
                                               const labels& of = {});

    /// Runs before each rendering, on the thread that renders: for gauges that are read when asked for. What it captures must
    /// outlive the registry's last rendering.
    void before_render(std::function<void()> refresh);

    [[nodiscard]] std::string render();

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Bucket bounds for request and commit latencies: 100 microseconds to 10 seconds.
[[nodiscard]] std::vector<double> latency_buckets();

} // namespace atrium::metrics
