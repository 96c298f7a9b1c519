#pragma once

#include "history.hpp"
#include "totals.hpp"

#include <base/awaitable.hpp>
#include <base/background_thread.hpp>
#include <base/clock.hpp>
#include <base/log.hpp>
#include <base/timer.hpp>
#include <events/durable_bus.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <optional>

namespace atrium::console {

/// Adds a sample to a history after each interval. This object has a thread of its own, which sleeps most of the time: counting
/// a large backlog can take as long as `storage.read_limit`, and the clients of a worker should not wait for that
/// (docs/decisions/0047).
class sampler {
public:
    struct parts {
        console::history& history;
        metrics::registry& metrics;
        events::durable_bus& bus;
        const clock& time;
        logger log;
        std::chrono::milliseconds interval;
    };

    /// The objects to which `p` refers must outlive this object.
    explicit sampler(parts p);
    ~sampler();
    sampler(const sampler&) = delete;
    sampler& operator=(const sampler&) = delete;

    /// Starts and stops this object's thread. Call both functions on the same thread. `stop` is idempotent.
    void start();
    void stop();

private:
    using steady = std::chrono::steady_clock;

    awaitable<> keep_sampling();
    awaitable<> wait();
    awaitable<> take();
    awaitable<std::optional<events::backlog>> count_backlog();

    parts parts_;
    totals last_;
    steady::time_point last_time_{};

    background_thread thread_;
    steady_timer timer_;
    bool is_stopping_ = false; ///< only used on the sampler's thread
};

} // namespace atrium::console
