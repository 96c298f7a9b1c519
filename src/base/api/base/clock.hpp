#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// A point in time, in milliseconds since 1970 (UTC). This is the precision of all times that are stored or shown.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// The source of the time of day; tests use clocks of their own. Any thread. Events are ordered by their `seq`, never by time.
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
[[nodiscard]] std::string to_rfc3339(timestamp when);

/// Formats times for a list, in which a time is often equal to the one before or on the same day: it keeps the last text and
/// writes only what differs. One thread.
class rfc3339_formatter {
public:
    /// The same text as `to_rfc3339`, valid until the next call.
    [[nodiscard]] std::string_view format(timestamp when);

private:
    std::array<char, rfc3339_size> text_{};
    std::optional<timestamp> last_;
};

/// Reads a full RFC 3339 date-time with any offset. Digits after the milliseconds are ignored. Empty if `text` is not a
/// date-time.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace atrium
