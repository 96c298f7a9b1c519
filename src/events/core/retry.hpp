#pragma once

#include <events/settings.hpp>

#include <chrono>

namespace atrium::events {

/// How long a delivery waits after its `attempts`-th failed run. `fraction`, from 0 to 1, selects a delay from half to one and
/// a half times the regular one.
[[nodiscard]] std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts, double fraction);

/// The maximum delay after the `attempts`-th failed run.
[[nodiscard]] inline std::chrono::milliseconds max_retry_delay(const retry_policy& policy, int attempts) {
    return retry_delay(policy, attempts, 1);
}

/// The delay with a random `fraction`. Any thread.
[[nodiscard]] std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts);

} // namespace atrium::events
