#pragma once

#include <events/settings.hpp>

#include <chrono>

namespace atrium::events {

/// How long a delivery waits after its `attempts`-th failed run. `chance` (0 to 1) places it within the jitter.
[[nodiscard]] std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts, double chance);

/// The maximum of that delay.
[[nodiscard]] inline std::chrono::milliseconds max_retry_delay(const retry_policy& policy, int attempts) {
    return retry_delay(policy, attempts, 1);
}

/// The same with a random chance. Any thread.
[[nodiscard]] std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts);

} // namespace atrium::events
