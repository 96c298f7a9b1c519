#pragma once

#include "core/retention.hpp"
#include "core/runner.hpp"

#include <base/awaitable.hpp>
#include <base/log.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <mutex>
#include <span>
#include <thread>
#include <vector>

namespace atrium::events {

/// A thread of its own on which deliveries are handed to handlers. It sleeps until a commit, the end of a backoff, or the
/// retention's timer wakes it.
///
/// Built, started and stopped on one thread; `notify` from any. What the runners use outlives it.
class dispatcher {
public:
    dispatcher() = default;
    ~dispatcher();

    [[nodiscard]] executor get_executor() { return context_.get_executor(); }

    /// Before `start`.
    void add(std::unique_ptr<runner> r);
    void add(std::unique_ptr<retention> r);

    /// Before `start`: runs a coroutine to its end on the calling thread. Here, because the context must outlive whoever
    /// resumes the coroutine: a thread that posts to a context may still touch it when what it posted has run.
    template <class T>
    T run_first(awaitable<T> work) {
        auto done = asio::co_spawn(context_, std::move(work), asio::use_future);
        while (done.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            context_.run_one();
        return done.get();
    }

    /// Starts the thread; everything looks for work once.
    void start();

    /// These subscriptions may have work. Any thread, never blocks for long.
    void notify(std::span<const subscription_id> subscriptions);

    /// Takes no new work, lets handlers finish until `deadline`, then cancels them; joins the thread. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

private:
    void run();
    void wake_noted();

    asio::io_context context_{1};
    asio::executor_work_guard<executor> keep_running_ = asio::make_work_guard(context_);
    std::vector<std::unique_ptr<runner>> runners_;
    std::unique_ptr<retention> retention_;
    std::thread thread_;
    std::chrono::steady_clock::time_point deadline_; ///< written before the context is stopped, read after

    std::mutex mutex_; ///< guards the notes
    std::vector<subscription_id> noted_;
    bool note_posted_ = false;
};

} // namespace atrium::events
