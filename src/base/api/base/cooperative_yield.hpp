#pragma once

#include <base/awaitable.hpp>

#include <chrono>

namespace atrium {

/// Lets a long computation yield, so that other coroutines, timers and cancellation on this thread can run. Needed for work
/// that rarely suspends on its own, such as a series of reads from the store.
class cooperative_yield {
public:
    /// How long a coroutine may run before it yields.
    static constexpr std::chrono::milliseconds max_slice{2};

    /// Lets other work of this thread run if at least `max_slice` has passed since the last yield, or since this object was
    /// created. A coroutine that is cancelled while it waits here is resumed; its next `co_await` throws `operation_aborted`.
    awaitable<> yield_if_due();

private:
    std::chrono::steady_clock::time_point slice_begin_ = std::chrono::steady_clock::now();
};

} // namespace atrium
