#pragma once

#include <base/awaitable.hpp>

#include <chrono>

namespace atrium {

/// Lets a long computation yield, so that other coroutines, timers and cancellation on this thread can run. Needed for work
/// that rarely suspends by itself, such as a series of reads from the store.
class cooperative_yield {
public:
    /// How long a coroutine may run before it yields.
    static constexpr std::chrono::milliseconds max_slice{2};

    /// Lets the others on this thread run if the coroutine has run for `max_slice` since the last yield. Throws
    /// `operation_aborted` if the coroutine was cancelled meanwhile.
    awaitable<> yield_if_due();

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace atrium
