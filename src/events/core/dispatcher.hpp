#pragma once

#include "core/bulk_worker.hpp"
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

/// Owns the thread on which the runners, the asynchronous handlers, the retention and the operations run. Transactional
/// handlers run on the writer. The thread sleeps until a commit, a timer or the end of I/O wakes it.
///
/// Constructed, started and stopped on one thread; `notify` may be called on any thread. Everything that the runners use
/// outlives the dispatcher.
class dispatcher {
public:
    dispatcher() = default;
    ~dispatcher();

    [[nodiscard]] executor get_executor() { return context_.get_executor(); }

    /// Call these before `start`.
    void add(std::unique_ptr<runner> r);
    void add(std::unique_ptr<retention> r);
    void add(std::unique_ptr<bulk_worker> w);

    /// Runs a coroutine to its end on the calling thread; call it before `start`. The coroutine runs on this object's context
    /// and not on a temporary one, because other threads, such as the writer, post to the context, and may still access it
    /// after the posted function has run.
    template <class T>
    T run_first(awaitable<T> work) {
        auto done = asio::co_spawn(context_, std::move(work), asio::use_future);
        while (done.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            context_.run_one();
        return done.get();
    }

    /// Starts the thread; every runner checks for work once.
    void start();

    /// Reports that these subscriptions may have work. Any thread; never blocks for long.
    void notify(std::span<const subscription_id> subscriptions);

    /// The runner of a subscription or outlet; null if this process has no runner for it. Any thread, but only after `start`,
    /// because no runner is added from then on.
    [[nodiscard]] const runner* find_runner(subscription_id id) const noexcept;

    /// Takes no new work, lets handlers finish until `deadline`, then cancels them; joins the thread. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

private:
    void run();
    void wake_notified();

    asio::io_context context_{1};
    asio::executor_work_guard<executor> keep_running_ = asio::make_work_guard(context_);
    std::vector<std::unique_ptr<runner>> runners_;
    std::unique_ptr<retention> retention_;
    std::unique_ptr<bulk_worker> worker_;
    std::thread thread_;
    std::chrono::steady_clock::time_point deadline_; ///< written before the context is stopped, and read afterwards

    std::mutex mutex_;                      ///< guards the members below
    std::vector<subscription_id> notified_; ///< subscriptions whose runners are still to be woken
    bool is_wake_posted_ = false;
};

} // namespace atrium::events
