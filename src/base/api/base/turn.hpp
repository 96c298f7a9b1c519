#pragma once

#include <base/awaitable.hpp>

#include <chrono>

namespace atrium {

/// A coroutine's turn on its thread. What works long without waiting for others (the store's reads seldom suspend) gives way
/// now and then: otherwise nobody else on that thread would have a turn, not even a clock or who tells it to stop.
class turn {
public:
    /// Milliseconds after which others are let in.
    static constexpr std::chrono::milliseconds longest{2};

    /// Lets everybody else on the thread have a turn, where this one has lasted for `longest`. Throws `operation_aborted` where
    /// the coroutine was told to stop meanwhile.
    awaitable<> give_way();

private:
    std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

} // namespace atrium
