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

/// Counts the reads that are running, and holds new ones back while it is closed: the write-ahead log can begin anew only at a
/// moment without a read. Reads come from any thread; one thread, the writer's, closes and opens.
///
/// How long it stays closed is bounded by its user, `checkpoints`.
class read_gate {
public:
    explicit read_gate(metrics::registry& metrics);
    read_gate(const read_gate&) = delete;
    read_gate& operator=(const read_gate&) = delete;

    /// Admits a read unless the gate is closed. One atomic operation.
    [[nodiscard]] bool try_enter() noexcept;

    /// Suspends the caller until the gate opens and the caller's thread has a slice for it. The read then uses `enter`, which
    /// admits it in any case, so that it waits only once.
    awaitable<> wait_until_open();
    void enter() noexcept { state_.fetch_add(1); }

    /// A read that was admitted, until it ends.
    class visit {
    public:
        explicit visit(read_gate& gate) noexcept : gate_{gate} {}
        ~visit() { gate_.leave(); }
        visit(const visit&) = delete;
        visit& operator=(const visit&) = delete;

    private:
        read_gate& gate_;
    };

    /// Sets what is called, on the thread of a read, when the last read leaves a closed gate. Before the first read.
    void when_shut(std::function<void()> report) { report_shut_ = std::move(report); }

    /// Closes the gate if no read is running, and returns whether it did.
    [[nodiscard]] bool try_close() noexcept;

    /// Closes the gate; the reads that are running go on.
    void close() noexcept { state_.fetch_or(closed); }

    [[nodiscard]] bool is_closed() const noexcept { return (state_ & closed) != 0; }
    /// Whether the gate is closed and no read is running.
    [[nodiscard]] bool is_shut() const noexcept { return state_ == closed; }

    /// Admits reads again and resumes those that were held back, each on its own executor.
    void open();

private:
    /// Owns a suspended coroutine, as the object that `use_awaitable` makes of it.
    struct held_read {
        using handler_type = asio::async_result<asio::use_awaitable_t<executor>, void()>::handler_type;

        handler_type handler;
        asio::executor_work_guard<executor> guard;
    };

    void leave() noexcept;
    [[nodiscard]] bool hold(held_read::handler_type& handler);

    static constexpr std::uint32_t closed = 1U << 31; ///< a bit of `state_`; the others count the reads that are running

    std::atomic<std::uint32_t> state_ = 0;
    std::function<void()> report_shut_;
    metrics::counter held_back_;
    std::mutex mutex_; ///< guards what follows, and the opening
    std::vector<held_read> held_;
};

} // namespace atrium::storage::sqlite
