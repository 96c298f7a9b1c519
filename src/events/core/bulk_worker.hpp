#pragma once

#include "core/bulk_driver.hpp"
#include "core/runner.hpp"

#include <base/throttle.hpp>
#include <base/timer.hpp>

#include <chrono>
#include <string>

namespace atrium::events {

/// Works in the background on operations that take long, and on operations that were running when the server stopped. Between
/// two steps it rests for as long as the last step took, so that other writes come first. Every member runs on the dispatcher's
/// thread.
class bulk_worker {
public:
    bulk_worker(const runner_context& c, bulk_driver& driver);

    void start();
    /// Call it when an operation may have been left to this worker.
    void wake();
    void stop();

private:
    awaitable<> work();
    /// Does one step of each operation on which no caller of `bulk_driver::start` works. Returns how long to wait before the
    /// next call.
    awaitable<std::chrono::steady_clock::duration> work_once();
    void report(const std::string& reason);
    awaitable<> rest(std::chrono::steady_clock::duration length);

    runner_context context_;
    bulk_driver& driver_;
    steady_timer timer_;
    throttle fault_log_ = throttle::once_a_minute();
    bool woken_ = false;
    bool stopping_ = false;
};

} // namespace atrium::events
