#include "stop_limit.hpp"

#include <cstdlib>

namespace atrium::app {

stop_limit::~stop_limit() {
    {
        const std::lock_guard lock{mutex_};
        in_time_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void stop_limit::begin(std::chrono::steady_clock::time_point end) {
    thread_ = std::thread{[this, end] {
        std::unique_lock lock{mutex_};
        if (changed_.wait_until(lock, end, [this] { return in_time_; }))
            return;
        log_.warning("stopped without waiting for a call that does not return");
        log_.flush(std::chrono::milliseconds{100});
        std::_Exit(exit_status_());
    }};
}

} // namespace atrium::app
