#include "sampler.hpp"

#include <boost/asio/redirect_error.hpp>

#include <unistd.h>

#include <exception>
#include <fstream>
#include <limits>
#include <utility>

namespace atrium::console {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// The resident memory of this process in bytes; NaN if the system does not show it.
double resident_memory() {
    std::ifstream file{"/proc/self/statm"};
    double size = 0;
    double resident = 0; // both in pages
    return file >> size >> resident ? resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) : unknown;
}

} // namespace

sampler::sampler(parts p) : parts_{std::move(p)}, timer_{thread_.get_executor()} {}

sampler::~sampler() {
    stop();
}

void sampler::start() {
    spawn_logged(thread_.get_executor(), keep_sampling(), parts_.log, "history of the metrics");
    thread_.start("console");
}

void sampler::stop() {
    thread_.stop([this] {
        is_stopping_ = true;
        timer_.cancel();
    });
}

/// Takes a sample after each interval. A sample is computed from the difference between two readings of the totals, so the
/// first reading is made before the first interval.
awaitable<> sampler::keep_sampling() {
    last_ = read_totals(parts_.metrics);
    last_time_ = steady::now();
    for (co_await wait(); !is_stopping_; co_await wait()) {
        try {
            co_await take();
        } catch (const std::exception& e) {
            parts_.log.error("a sample of the metrics could not be taken", {{"reason", e.what()}});
        }
    }
}

awaitable<> sampler::wait() {
    if (is_stopping_)
        co_return;
    timer_.expires_after(parts_.interval);
    boost::system::error_code cancelled;
    co_await timer_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

awaitable<> sampler::take() {
    const auto backlog = co_await count_backlog();
    auto now = read_totals(parts_.metrics);
    const auto time = steady::now();
    const std::chrono::duration<double> elapsed = time - last_time_;
    auto s = difference(last_, now, elapsed);
    s[column::time] =
        static_cast<double>(std::chrono::floor<std::chrono::seconds>(parts_.time.now()).time_since_epoch().count());
    s[column::backlog] = backlog ? static_cast<double>(backlog->pending) : unknown;
    s[column::dead_letters] = backlog ? static_cast<double>(backlog->dead) : unknown;
    s[column::memory] = resident_memory();
    parts_.history.add(s, rates_between(last_, now, elapsed));
    last_ = std::move(now);
    last_time_ = time;
}

/// Counts the pending deliveries and dead letters. Empty if the journal cannot be read: then only these figures are missing in
/// the sample.
awaitable<std::optional<events::backlog>> sampler::count_backlog() {
    try {
        auto counted = co_await parts_.bus.inspect();
        co_return counted ? std::optional{*std::move(counted)} : std::nullopt;
    } catch (const std::exception&) { // /readyz and the log report the failure
        co_return std::nullopt;
    }
}

} // namespace atrium::console
