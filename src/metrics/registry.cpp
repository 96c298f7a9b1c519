#include <metrics/registry.hpp>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <mutex>

namespace atrium::metrics {

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
    prometheus::Registry all;
    std::mutex mutex; // guards `refreshers`; prometheus-cpp guards the rest
    std::vector<std::function<void()>> refreshers;

    static prometheus::Labels to_labels(const labels& series_labels) { return {series_labels.begin(), series_labels.end()}; }
};

registry::registry() : state_{std::make_unique<state>()} {}
registry::~registry() = default;

metrics::counter registry::counter(std::string_view name, std::string_view help, const labels& series_labels) {
    auto& family = prometheus::BuildCounter().Name(std::string{name}).Help(std::string{help}).Register(state_->all);
    return metrics::counter{family.Add(state::to_labels(series_labels))};
}

metrics::gauge registry::gauge(std::string_view name, std::string_view help, const labels& series_labels) {
    auto& family = prometheus::BuildGauge().Name(std::string{name}).Help(std::string{help}).Register(state_->all);
    return metrics::gauge{family.Add(state::to_labels(series_labels))};
}

metrics::histogram registry::histogram(std::string_view name, std::string_view help, std::vector<double> upper_bounds,
                                       const labels& series_labels) {
    auto& family = prometheus::BuildHistogram().Name(std::string{name}).Help(std::string{help}).Register(state_->all);
    return metrics::histogram{family.Add(state::to_labels(series_labels), std::move(upper_bounds))};
}

void registry::before_render(std::function<void()> refresh) {
    const std::lock_guard lock{state_->mutex};
    state_->refreshers.push_back(std::move(refresh));
}

std::string registry::render() {
    {
        const std::lock_guard lock{state_->mutex};
        for (const auto& refresh : state_->refreshers)
            refresh();
    }
    return prometheus::TextSerializer{}.Serialize(state_->all.Collect());
}

std::vector<double> latency_buckets() {
    return {0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};
}

} // namespace atrium::metrics
