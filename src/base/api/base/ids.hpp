#pragma once

#include <base/clock.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium {

/// A database id whose type distinguishes it from other kinds of ids: `using user_id = id<struct user_tag>`. Ids in the
/// database are positive.
template <class Tag>
struct id {
    std::int64_t value = 0;
    auto operator<=>(const id&) const = default;
};

/// Reads a positive 63-bit decimal number in its canonical form (no sign, no leading zero); empty for any other text.
[[nodiscard]] std::optional<std::int64_t> parse_id(std::string_view text) noexcept;

/// A new UUID version 7 (RFC 9562): 48 bits of milliseconds, then 74 random bits, in its 36-character form. Unique, roughly
/// ordered by time, but never used to order anything. Can be called on any thread.
[[nodiscard]] std::string make_uuid_v7(timestamp now);

/// Whether `text` has the 36-character form of a UUID of any version.
[[nodiscard]] bool is_uuid(std::string_view text) noexcept;

/// A new W3C trace-context `traceparent` value (version 00, sampled flag off). Can be called on any thread.
[[nodiscard]] std::string make_traceparent();

/// A `traceparent` value for the same trace with a new parent id, or for a new trace if `parent` is not a valid value.
[[nodiscard]] std::string continue_traceparent(std::string_view parent);

} // namespace atrium
