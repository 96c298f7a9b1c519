#include <metrics/registry.hpp>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <algorithm>
#include <mutex>

namespace atrium::metrics {
namespace {

reading reading_of(const prometheus::MetricFamily& family, const prometheus::ClientMetric& series) {
    reading read{.name = family.name};
    for (const auto& label : series.label)
        read.series_labels.emplace_back(label.name, label.value);
    switch (family.type) {
    case prometheus::MetricType::Counter: read.value = series.counter.value; break;
    case prometheus::MetricType::Gauge: read.value = series.gauge.value; break;
    default:
        read.value = series.histogram.sample_sum;
        read.count = series.histogram.sample_count;
        for (const auto& each : series.histogram.bucket)
            read.buckets.push_back({each.upper_bound, each.cumulative_count});
    }
    return read;
}

} // namespace

void counter::increment(double amount) const noexcept {
    impl_->Increment(amount);
}

void gauge::set(double value) const noexcept {
    impl_->Set(value);
}

void gauge::add(double amount) const noexcept {
    impl_->Increment(amount);
}

void histogram::observe(double value) const {
    impl_->Observe(value);
}

struct registry::state {
    prometheus::Registry families;
    std::mutex mutex; // guards `refreshers`; prometheus-cpp guards the rest
    std::vector<std::function<void()>> refreshers;

    void refresh() {
        const std::lock_guard lock{mutex};
        for (const auto& each : refreshers)
            each();
    }

    static prometheus::Labels to_labels(const labels& series_labels) { return {series_labels.begin(), series_labels.end()}; }
};

registry::registry() : state_{std::make_unique<state>()} {}
registry::~registry() = default;

metrics::counter registry::counter(std::string_view name, std::string_view help, const labels& series_labels) {
    auto& family = prometheus::BuildCounter().Name(std::string{name}).Help(std::string{help}).Register(state_->families);
    return metrics::counter{family.Add(state::to_labels(series_labels))};
}

metrics::gauge registry::gauge(std::string_view name, std::string_view help, const labels& series_labels) {
    auto& family = prometheus::BuildGauge().Name(std::string{name}).Help(std::string{help}).Register(state_->families);
    return metrics::gauge{family.Add(state::to_labels(series_labels))};
}

metrics::histogram registry::histogram(std::string_view name, std::string_view help, std::vector<double> upper_bounds,
                                       const labels& series_labels) {
    auto& family = prometheus::BuildHistogram().Name(std::string{name}).Help(std::string{help}).Register(state_->families);
    return metrics::histogram{family.Add(state::to_labels(series_labels), std::move(upper_bounds))};
}

void registry::before_render(std::function<void()> refresh) {
    const std::lock_guard lock{state_->mutex};
    state_->refreshers.push_back(std::move(refresh));
}

std::string registry::render() {
    state_->refresh();
    return prometheus::TextSerializer{}.Serialize(state_->families.Collect());
}

std::vector<reading> registry::read(std::span<const std::string_view> names) {
    state_->refresh();
    std::vector<reading> readings;
    for (const auto& family : state_->families.Collect())
        if (std::ranges::find(names, family.name) != names.end())
            for (const auto& each : family.metric)
                readings.push_back(reading_of(family, each));
    return readings;
}

std::vector<double> latency_buckets() {
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

} // namespace atrium::metrics
