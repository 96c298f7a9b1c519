#include "core/retry.hpp"

#include <algorithm>
#include <random>

namespace atrium::events {

std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts, double fraction) {
    auto delay = policy.first_delay;
    for (int i = 1; i < attempts && delay < policy.max_delay; ++i)
        delay *= 2;
    delay = std::min(delay, policy.max_delay);
    return std::chrono::round<std::chrono::milliseconds>(delay * (0.5 + fraction));
}

std::chrono::milliseconds retry_delay(const retry_policy& policy, int attempts) {
    thread_local std::minstd_rand generator{std::random_device{}()};
    return retry_delay(policy, attempts, std::uniform_real_distribution<>{0, 1}(generator));
}

} // namespace atrium::events
