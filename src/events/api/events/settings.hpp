#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::config {
class schema;
}

namespace atrium::events {

// What each member means, its range and its unit are declared once, in src/events/settings.cpp; docs/configuration.md has them
// as a table.

/// When a failed delivery is tried again.
struct retry_policy {
    int attempts = 10;
    std::chrono::milliseconds first_delay{1'000};
    std::chrono::milliseconds longest_delay{300'000};
};

/// How much history the journal keeps; what is pending or dead stays in any case.
struct retention_policy {
    std::chrono::hours age{24 * 7};
    std::int64_t count = 1'000'000;
    std::chrono::milliseconds every{60'000};
};

/// Who watches the journal as a stream.
struct feed_settings {
    int followers = 100'000;
};

struct settings {
    retry_policy retry;
    retention_policy retention;
    feed_settings feed;
    bool force_adapter = false; ///< start although events may be left at the broker of the adapter that ran before; not a key
};

/// Declares the sections [events...]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::events
