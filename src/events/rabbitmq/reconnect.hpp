#pragma once

#include "core/retry.hpp"

#include <chrono>

namespace atrium::events::rabbitmq {

/// Decides, without I/O, how long to wait before the next attempt to connect. The pause grows exponentially, with jitter, while
/// attempts fail. After a connection that has lasted for `long_enough`, the pause has its minimum length again. One thread.
class reconnect {
public:
    using milliseconds = std::chrono::milliseconds;

    /// Returns the pause after a failed attempt (`lasted` is 0) or after a connection that lasted for `lasted`. If
    /// `needs_manual_fix` (for example, a wrong password), the pause has its maximum length from the first attempt; attempts
    /// continue, so that no restart is needed after the fix.
    [[nodiscard]] milliseconds pause_after(milliseconds lasted, bool needs_manual_fix, double fraction) {
        if (lasted >= long_enough)
            failures_ = 0;
        ++failures_;
        return retry_delay(policy, needs_manual_fix ? many_failures : failures_, fraction);
    }

    [[nodiscard]] int failures() const noexcept { return failures_; }

    static constexpr retry_policy policy{.first_delay = milliseconds{200}, .max_delay = milliseconds{10'000}};
    static constexpr milliseconds long_enough{10'000}; ///< how long a connection must last to count as working

private:
    static constexpr int many_failures = 64; ///< after this many failures, the pause certainly has its maximum length
    int failures_ = 0;
};

} // namespace atrium::events::rabbitmq
