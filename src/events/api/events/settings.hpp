#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::events {

/// When a failed delivery is tried again: `first_delay` doubled each time up to `longest_delay`, each with up to half of it
/// added or taken off at random, until `attempts` handlers have run.
struct retry_policy {
    int attempts = 10;
    std::chrono::milliseconds first_delay{1'000};
    std::chrono::milliseconds longest_delay{300'000};
};

/// How much history the journal keeps; what is pending or dead stays in any case.
struct retention_policy {
    std::chrono::hours age{24 * 7};
    std::int64_t count = 1'000'000;
    std::chrono::milliseconds every{60'000}; ///< time between two looks at the old end
};

struct settings {
    retry_policy retry;
    retention_policy retention;
    bool force_adapter = false; ///< start although events may be left at the broker of the adapter that ran before
};

} // namespace atrium::events
