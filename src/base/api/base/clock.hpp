#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// A moment in UTC, in milliseconds since 1970: what is stored and shown.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// Where the time of day comes from; tests bring their own. Any thread. Never used to order anything: only `seq` does that.
class clock {
public:
    virtual ~clock() = default;
    [[nodiscard]] virtual timestamp now() const = 0;
};

/// The machine's clock.
class system_clock final : public clock {
public:
    [[nodiscard]] timestamp now() const override;
};

/// "2026-11-22T12:00:00.000Z" (RFC 3339, for the years 0 to 9999) in the 24 characters at `to`.
void write_rfc3339(char* to, timestamp when);
inline constexpr std::size_t rfc3339_size = 24;
[[nodiscard]] std::string to_rfc3339(timestamp when);

/// Reads a full RFC 3339 date-time with any offset; digits after the millisecond are cut off. Empty where it is not one.
[[nodiscard]] std::optional<timestamp> parse_rfc3339(std::string_view text);

} // namespace atrium
