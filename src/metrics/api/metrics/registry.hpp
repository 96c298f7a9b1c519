#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <span>
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

/// A number that only increases. The name of a counter ends in `_total`. This is a handle, which is cheap to copy, valid as
/// long as its registry exists, and usable on any thread.
class counter {
public:
    void increment(double amount = 1) const noexcept;

private:
    friend class registry;
    explicit counter(prometheus::Counter& c) : impl_{&c} {}
    prometheus::Counter* impl_;
};

/// A number that goes up and down. This is a handle like `counter`.
class gauge {
public:
    void set(double value) const noexcept;
    void add(double amount) const noexcept;

private:
    friend class registry;
    explicit gauge(prometheus::Gauge& g) : impl_{&g} {}
    prometheus::Gauge* impl_;
};

/// Counts observations in buckets. Durations are in seconds. This is a handle like `counter`.
class histogram {
public:
    void observe(double value) const;

private:
    friend class registry;
    explicit histogram(prometheus::Histogram& h) : impl_{&h} {}
    prometheus::Histogram* impl_;
};

/// One time series at one moment.
struct reading {
    struct bucket {
        double upper_bound;  ///< infinity in the last bucket
        std::uint64_t count; ///< number of observations up to the bound, including those in the buckets with lower bounds
    };
    std::string name;
    labels series_labels = {};
    double value = 0;                 ///< the value of a counter or gauge, or the sum of a histogram
    std::uint64_t count = 0;          ///< number of observations of a histogram
    std::vector<bucket> buckets = {}; ///< the buckets of a histogram, in ascending order of their bounds
};

/// All metrics of one server, published at /metrics in the Prometheus text format. It can be used on any thread, and must
/// outlive every handle.
///
/// A call with the same name and labels as an earlier one returns a handle of the same time series.
class registry {
public:
    registry();
    ~registry();
    registry(const registry&) = delete;
    registry& operator=(const registry&) = delete;

    [[nodiscard]] metrics::counter counter(std::string_view name, std::string_view help, const labels& series_labels = {});
    [[nodiscard]] metrics::gauge gauge(std::string_view name, std::string_view help, const labels& series_labels = {});
    /// `upper_bounds` must ascend. A last bucket without a bound is added.
    [[nodiscard]] metrics::histogram histogram(std::string_view name, std::string_view help, std::vector<double> upper_bounds,
                                               const labels& series_labels = {});

    /// Adds a function that runs before each rendering and reading, on the thread that renders or reads: for gauges that are
    /// computed only when they are needed. Everything that it captures must outlive the last rendering or reading. The function
    /// must not call `before_render`, `render` or `read`.
    void before_render(std::function<void()> refresh);

    /// All metrics in the Prometheus text format.
    [[nodiscard]] std::string render();

    /// The current values of the metrics with these names, in no particular order.
    [[nodiscard]] std::vector<reading> read(std::span<const std::string_view> names);

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Bucket bounds in seconds for the latencies of requests and commits: 100 microseconds to 10 seconds.
[[nodiscard]] std::vector<double> latency_buckets();

} // namespace atrium::metrics
