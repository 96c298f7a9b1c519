#include "stop_limit.hpp"

#include <cstdlib>
#include <utility>

namespace atrium::app {

stop_limit::stop_limit(logger log, std::function<int()> exit_status)
    : log_{std::move(log)}, exit_status_{std::move(exit_status)}, thread_{&stop_limit::run, this} {}

stop_limit::~stop_limit() {
    {
        const std::lock_guard lock{mutex_};
        has_stopped_ = true;
    }
    change_.notify_one();
    thread_.join();
}

void stop_limit::begin(std::chrono::steady_clock::time_point end) noexcept {
    {
        const std::lock_guard lock{mutex_};
        end_ = end;
    }
    change_.notify_one();
}

void stop_limit::run() {
    std::unique_lock lock{mutex_};
    while (!has_stopped_ && std::chrono::steady_clock::now() < end_) {
        if (end_ == std::chrono::steady_clock::time_point::max())
            change_.wait(lock);
        else
            change_.wait_until(lock, end_);
    }
    if (has_stopped_)
        return;
    log_.warning("stopped without waiting for a call that does not return");
    log_.flush(std::chrono::milliseconds{100});
    std::_Exit(exit_status_());
}

} // namespace atrium::app
