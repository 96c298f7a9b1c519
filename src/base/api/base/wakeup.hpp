#pragma once

#include <base/timer.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

namespace atrium {

/// Coroutines of one thread wait here until another one says that something has changed; they look for themselves what:
/// `while (!ready) co_await changed.wait();`
class wakeup {
public:
    explicit wakeup(const executor& where) : timer_{where, steady_timer::time_point::max()} {}

    /// Wakes all who wait now; is not kept for those who come later.
    void notify() { timer_.cancel(); }
    /// Does not throw; a coroutine that is told to stop goes on as well, and stops where it waits next.
    [[nodiscard]] auto wait() { return timer_.async_wait(asio::as_tuple(asio::deferred)); }

private:
    steady_timer timer_; ///< never expires, only cancelled
};

} // namespace atrium
