#pragma once

#include <base/timer.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <chrono>

namespace atrium::http {

/// Coroutines of one thread wait here until another one says that something has changed; they look for themselves what:
/// `while (!ready) co_await changed.wait();`
class wakeup {
public:
    explicit wakeup(const executor& where) : timer_{where, std::chrono::steady_clock::time_point::max()} {}

    void notify() { timer_.cancel(); }
    /// Does not throw; a coroutine that is told to stop goes on as well.
    [[nodiscard]] auto wait() { return timer_.async_wait(asio::as_tuple(asio::deferred)); }

private:
    steady_timer timer_;
};

} // namespace atrium::http
