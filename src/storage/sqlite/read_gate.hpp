#pragma once

#include <base/awaitable.hpp>
#include <metrics/registry.hpp>

#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <vector>

namespace atrium::storage::sqlite {

/// Counts the running reads and, while it is closed, holds new ones back, because the write-ahead log can be restarted only
/// while no read is running. Reads come from any thread; only the writer's thread closes and opens the gate.
///
/// `checkpoints` limits how long it stays closed.
class read_gate {
public:
    explicit read_gate(metrics::registry& metrics);
    read_gate(const read_gate&) = delete;
    read_gate& operator=(const read_gate&) = delete;

    /// Admits a read unless the gate is closed. Takes one atomic operation.
    [[nodiscard]] bool try_enter() noexcept;

    /// Suspends the caller until the gate opens and the caller's thread has time for it. The read then calls `enter`, which
    /// always admits it, so that it waits only once.
    awaitable<> wait_until_open();
    void enter() noexcept { state_.fetch_add(1); }

    /// An admitted read; leaves the gate when it is destroyed.
    class visit {
    public:
        explicit visit(read_gate& gate) noexcept : gate_{gate} {}
        ~visit() { gate_.leave(); }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

    private:
        read_gate& gate_;
    };

    /// Sets the function that is called on a read's thread when the last read leaves a closed gate. Call it before the first
    /// read.
    void when_shut(std::function<void()> report) { report_shut_ = std::move(report); }

    /// Closes the gate if no read is running. Returns whether the gate was closed.
    [[nodiscard]] bool try_close() noexcept;

    /// Closes the gate; the running reads continue.
    void close() noexcept { state_.fetch_or(closed); }

    [[nodiscard]] bool is_closed() const noexcept { return (state_ & closed) != 0; }
    /// Whether the gate is closed and no read is running.
    [[nodiscard]] bool is_shut() const noexcept { return state_ == closed; }

    /// Admits reads again and resumes those that were held back, each on its own executor.
    void open();

private:
    /// A read that is held back. Owns the suspended coroutine, in the form of the handler that `use_awaitable` has created.
    struct held_read {
        using handler_type = asio::async_result<asio::use_awaitable_t<executor>, void()>::handler_type;

        handler_type handler;
        asio::executor_work_guard<executor> guard;
    };

    void leave() noexcept;
    [[nodiscard]] bool store_if_closed(held_read::handler_type& handler);

    static constexpr std::uint32_t closed = 1U << 31; ///< a bit of `state_`; the other bits count the running reads

    std::atomic<std::uint32_t> state_ = 0;
    std::function<void()> report_shut_;
    metrics::counter held_back_;
    std::mutex mutex_; ///< guards `held_`, and opening the gate
    std::vector<held_read> held_;
};

} // namespace atrium::storage::sqlite
