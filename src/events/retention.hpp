#pragma once

#include "runner.hpp"

namespace atrium::events {

/// Removes old events from the log in small steps, once a minute. Every member runs on the dispatcher's thread.
class retention {
public:
    retention(const runner_context& c, retention_policy policy);

    void start();
    void stop();

private:
    awaitable<> keep_sweeping();
    /// Goes on where the last sweep gave up.
    awaitable<> sweep_once();
    awaitable<> forget_received();
    awaitable<> rest();

    runner_context context_;
    retention_policy policy_;
    steady_timer timer_;
    std::int64_t seen_ = 0; ///< how far into the log the sweep has come
    bool stopping_ = false;
};

} // namespace atrium::events
