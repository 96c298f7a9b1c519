#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>
#include <thread>

namespace atrium {

/// A thread with an io_context of its own, for coroutines that sleep most of the time. The owner must declare it before the
/// timers that use its executor, and must call `stop` in its own destructor or earlier.
class background_thread {
public:
    background_thread() = default;
    background_thread(const background_thread&) = delete;
    background_thread& operator=(const background_thread&) = delete;

    [[nodiscard]] executor get_executor() noexcept { return context_.get_executor(); }

    /// Runs a coroutine to its end on the calling thread. Call it only before `start`. Throws what the coroutine throws.
    void run_before_start(awaitable<> work);

    /// Starts the thread. `name` has at most 15 characters.
    void start(const char* name);

    /// Waits until all coroutines have ended. `end_work` makes them end; it is called on the background thread. Call
    /// `stop` on the thread that has called `start`. Idempotent.
    void stop(std::function<void()> end_work);

private:
    asio::io_context context_{1};
    std::optional<asio::executor_work_guard<executor>> keep_running_;
    std::thread thread_;
};

} // namespace atrium
