#pragma once

#include "core/retry.hpp"

#include <chrono>

namespace atrium::events::rabbitmq {

/// How long to wait before the next try to connect, without I/O: exponential with jitter while tries fail, from the start
/// again once a connection has lasted. One thread.
class reconnect {
public:
    using milliseconds = std::chrono::milliseconds;

    /// A connection failed or was lost after it had lasted for `lasted` (0: there was none). Where `only_a_person_helps`
    /// (wrong password, say) the pause is the longest at once: trying goes on, since nobody must restart us when it is mended.
    [[nodiscard]] milliseconds pause_after(milliseconds lasted, bool only_a_person_helps, double chance) {
        if (lasted >= long_enough)
            failures_ = 0;
        ++failures_;
        return retry_delay(policy, only_a_person_helps ? certainly_longest : failures_, chance);
    }

    [[nodiscard]] int failures() const noexcept { return failures_; }

    static constexpr retry_policy policy{.first_delay = milliseconds{200}, .longest_delay = milliseconds{10'000}};
    static constexpr milliseconds long_enough{10'000}; ///< after which a connection counts as one that works

private:
    static constexpr int certainly_longest = 64;
    int failures_ = 0;
};

} // namespace atrium::events::rabbitmq
