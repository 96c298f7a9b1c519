#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::config {
class schema;
}

namespace atrium::events {

// The meaning, range and unit of each member are declared once, in src/events/core/settings.cpp; docs/configuration.md lists
// them in a table.

/// When a failed delivery is tried again.
struct retry_policy {
    int attempts = 10;
    std::chrono::milliseconds first_delay{1'000};
    std::chrono::milliseconds max_delay{300'000};
};

/// How much history the journal keeps; pending and dead deliveries always keep their events.
struct retention_policy {
    std::chrono::hours age{24 * 7};
    std::int64_t count = 1'000'000;
    std::chrono::milliseconds every{60'000};
};

/// How long dead letters wait for an operator. Beyond these limits the oldest are moved to the archive.
struct dead_letter_policy {
    std::chrono::hours age{24 * 90};
    std::int64_t count = 1'000'000;
};

/// Limits for followers of the journal.
struct feed_settings {
    int followers = 100'000;
};

struct settings {
    retry_policy retry;
    retention_policy retention;
    dead_letter_policy dead_letters;
    feed_settings feed;
    bool force_adapter =
        false; ///< whether to start although events may be left at the previous adapter's broker; not a config key
};

/// Declares the sections [events...]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::events
