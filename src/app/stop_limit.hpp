#pragma once

#include <base/log.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace atrium::app {

/// Ends the process if stopping the server takes too long. Some calls cannot be interrupted, such as the system's lookup of a
/// host name while the name service does not respond. Ending the process loses no acknowledged change, because such changes are
/// on disk already. Used by one thread.
class stop_limit {
public:
    /// `exit_status` is called on another thread, and only if the limit is exceeded.
    stop_limit(logger log, std::function<int()> exit_status);
    /// Cancels the limit, because the process has stopped in time.
    ~stop_limit();
    stop_limit(const stop_limit&) = delete;
    stop_limit& operator=(const stop_limit&) = delete;

    /// Sets or changes the time at which the process is ended. Cannot fail, as the constructor has started the thread.
    void begin(std::chrono::steady_clock::time_point end) noexcept;

private:
    void run();

    logger log_;
    std::function<int()> exit_status_;
    std::mutex mutex_; // guards the members down to `has_stopped_`
    std::condition_variable change_;
    std::chrono::steady_clock::time_point end_ = std::chrono::steady_clock::time_point::max();
    bool has_stopped_ = false;
    std::thread thread_;
};

} // namespace atrium::app
