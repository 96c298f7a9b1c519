#pragma once

#include <support/catch.hpp>

#include <chrono>
#include <source_location>
#include <thread>

namespace atrium::support {

/// Waits until the condition holds, but not longer than the time limit. Returns whether the condition holds.
template <class Condition>
[[nodiscard]] bool becomes_true(Condition& condition, std::chrono::seconds time_limit) {
    const auto end = std::chrono::steady_clock::now() + time_limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return true;
}

/// Waits until the condition holds, and fails the test if it does not hold within the time limit. The limit is generous, so
/// that even on a busy machine or under a sanitizer it is reached only if something is wrong. The failure names the line of the
/// call, `caller`.
template <class Condition>
void eventually(Condition condition, std::chrono::seconds time_limit = std::chrono::seconds{60},
                std::source_location caller = std::source_location::current()) {
    if (!becomes_true(condition, time_limit))
        FAIL("the condition in line " << caller.line() << " of " << caller.file_name() << " did not become true within "
                                      << time_limit.count() << " seconds");
    SUCCEED();
}

} // namespace atrium::support
