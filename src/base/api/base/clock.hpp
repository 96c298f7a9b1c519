#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// A point in time, in milliseconds since 1970 (UTC). This is the precision of all times that are stored or shown.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// The source of the time of day; tests use clocks of their own. Can be used on any thread. Events are ordered by their `seq`,
/// never by time.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual timestamp now() const = 0;
};

/// The clock of the machine.
class system_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override;
};

/// Writes "2026-11-22T12:00:00.000Z" (RFC 3339, for the years 0 to 9999) into the 24 characters at `target`.
void write_rfc3339(char* target, timestamp when);
inline constexpr std::size_t rfc3339_size = 24;
/// Replaces the time of day in a text that `write_rfc3339` has written. For another time on the same date, this is faster than
/// `write_rfc3339`.
void write_time_of_day(char* target, std::chrono::milliseconds since_midnight);
[[nodiscard]] std::string to_rfc3339(timestamp when);

/// Reads a full RFC 3339 date-time with any offset. Digits after the milliseconds are ignored. Empty if `text` is not a
/// date-time.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace atrium
