#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <storage/store.hpp>

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::storage::sqlite {

/// Holds a function that the writer runs, and the coroutine that waits for the outcome. The type of the coroutine's handler is
/// erased.
///
/// This object owns the suspended coroutine: destroying the object without `resume` ends the coroutine, on the coroutine's own
/// executor. The function lives in that coroutine's frame, so it lives as long as this object. The writer uses this object from
/// `submit` until it posts the object back to the caller's executor; in the meantime the caller's thread may only call
/// `cancel`.
class waiting_write {
public:
    waiting_write(std::string_view owner_name, write_priority p, write_task& work, executor home)
        : owner{owner_name}, priority{p}, task{work}, caller_executor{std::move(home)} {}
    virtual ~waiting_write() = default;
    waiting_write(const waiting_write&) = delete;
    waiting_write& operator=(const waiting_write&) = delete;

    /// Called before the writer runs the function. Returns false if the caller has cancelled it.
    [[nodiscard]] bool begin() noexcept {
        auto expected = state::waiting;
        return state_.compare_exchange_strong(expected, state::begun) || expected == state::begun;
    }

    /// Cancels the function. Has no effect once the function has begun: the caller then gets its actual result.
    void cancel() noexcept {
        auto expected = state::waiting;
        state_.compare_exchange_strong(expected, state::cancelled);
    }

    /// Passes the outcome to the coroutine. Must be called on the coroutine's executor.
    virtual void resume(std::unique_ptr<waiting_write> self) = 0;

    const std::string owner;       ///< a copy, because the caller's store may be destroyed while the coroutine waits
    const write_priority priority; ///< determines the queue in which it waits
    write_task& task;
    const executor caller_executor; ///< the executor of the coroutine

    // The writer sets these before it posts this object back.
    result<> outcome{};
    std::exception_ptr thrown{};
    bool has_changes = false; ///< the function succeeded, so its changes are to be kept

private:
    enum class state { waiting, begun, cancelled };
    std::atomic<state> state_ = state::waiting;
};

/// `waiting_write` for the handler that `use_awaitable` creates.
template <class Handler>
class suspended_write final : public waiting_write {
public:
    suspended_write(std::string_view owner_name, write_priority p, write_task& work, Handler handler)
        : waiting_write{owner_name, p, work, asio::get_associated_executor(handler)}, guard_{caller_executor},
          slot_{asio::get_associated_cancellation_slot(handler)}, handler_{std::move(handler)} {
        if (slot_.is_connected())
            slot_.assign([this](asio::cancellation_type) { cancel(); });
    }

    void resume(std::unique_ptr<waiting_write> self) override {
        if (slot_.is_connected())
            slot_.clear();
        auto handler = std::move(handler_);
        auto ended_by = std::move(thrown);
        auto ended_with = std::move(outcome);
        const auto guard = std::move(guard_);
        self.reset(); // destroys this object before the coroutine continues and perhaps writes again
        std::move(handler)(std::move(ended_by), std::move(ended_with));
    }

private:
    asio::executor_work_guard<executor> guard_;
    asio::associated_cancellation_slot_t<Handler> slot_;
    Handler handler_;
};

using waiting_writes = std::vector<std::unique_ptr<waiting_write>>;

/// Resumes each coroutine on its own executor. Posts only one function to each executor, however many coroutines wait there.
void resume_all(waiting_writes& finished);

} // namespace atrium::storage::sqlite
