#pragma once

#include <events/durable_bus.hpp>

#include <chrono>
#include <mutex>
#include <optional>

namespace atrium::events {

/// Caches the last count of the backlog. Counting a large backlog takes long, so its count is used for ten times as long as
/// counting has taken, but for `max_age` at most; a small backlog is counted each time. No I/O; any thread.
class recent_backlog {
public:
    using clock = std::chrono::steady_clock;

    static constexpr std::int64_t large = 10'000;      ///< min number of deliveries whose counting takes some milliseconds
    static constexpr std::chrono::seconds max_age{10}; ///< age of the count at which even a large backlog is counted again

    /// Returns the last count, or empty if the caller should count. While this caller counts, other callers still get the last
    /// count, but at most for twice the time that the last counting took.
    [[nodiscard]] std::optional<backlog> find(clock::time_point now);
    /// The last count, however old; empty if there is none.
    [[nodiscard]] std::optional<backlog> last();
    /// Stores a count that ran from `began` to `ended`.
    void keep(backlog counted, clock::time_point began, clock::time_point ended);

private:
    std::mutex mutex_;
    std::optional<backlog> last_;
    clock::duration took_{0};        ///< how long the last count took; zero for a small backlog
    clock::time_point used_until_{}; ///< until when `last_` is returned
};

} // namespace atrium::events
