#include "core/due_timer.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

constexpr std::chrono::milliseconds min_step{1};

} // namespace

void due_timer::wait(std::optional<timestamp> due, steady::time_point latest, std::function<void()> on_expired) {
    due_ = due;
    latest_ = latest;
    on_expired_ = std::move(on_expired);
    sleep();
}

void due_timer::cancel() {
    on_expired_ = nullptr;
    timer_.cancel();
}

bool due_timer::is_over() const {
    return (due_ && time_.now() >= *due_) || steady::now() >= latest_;
}

void due_timer::sleep() {
    auto step = step_;
    if (due_)
        step = std::min(step, *due_ - time_.now());
    timer_.expires_at(std::min(steady::now() + std::max(step, min_step), latest_));
    timer_.async_wait([this](boost::system::error_code cancelled) {
        if (cancelled || !on_expired_)
            return;
        if (!is_over())
            return sleep();
        std::exchange(on_expired_, nullptr)();
    });
}

} // namespace atrium::events
