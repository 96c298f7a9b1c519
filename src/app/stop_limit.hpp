#pragma once

#include <base/log.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace atrium::app {

/// Ends the process if its stop takes longer than it may. Some calls cannot be broken off, such as the system's lookup of a
/// host name while the name service is silent; everything that was acknowledged is on disk by then. One thread.
class stop_limit {
public:
    /// `exit_status` is asked if it comes to that, on another thread.
    stop_limit(logger log, std::function<int()> exit_status);
    /// The stop was in time.
    ~stop_limit();
    stop_limit(const stop_limit&) = delete;
    stop_limit& operator=(const stop_limit&) = delete;

    /// The stop begins, or gets another end. Throws nothing: the thread exists since the constructor.
    void begin(std::chrono::steady_clock::time_point end) noexcept;

private:
    void run();

    logger log_;
    std::function<int()> exit_status_;
    std::mutex mutex_; // guards the members down to `in_time_`
    std::condition_variable changed_;
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::time_point::max();
    bool in_time_ = false;
    std::thread thread_;
};

} // namespace atrium::app
