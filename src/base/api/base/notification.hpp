#pragma once

#include <base/timer.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace atrium {

/// Lets coroutines of one thread wait until another coroutine notifies them of a change. A waiting coroutine checks its
/// condition itself: `while (!ready) co_await changed.wait();`
class notification {
public:
    explicit notification(const executor& target) : timer_{target, steady_timer::time_point::max()} {}

    /// Resumes all coroutines that are waiting now. Later calls of `wait` are not affected.
    void notify() { timer_.cancel(); }
    /// A coroutine that is cancelled while it waits is resumed without an exception; its next `co_await` throws
    /// `operation_aborted`.
    [[nodiscard]] auto wait() { return timer_.async_wait(asio::as_tuple(asio::deferred)); }

private:
    steady_timer timer_; ///< never expires, only cancelled
};

} // namespace atrium
