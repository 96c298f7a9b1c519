#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium::graphql {

/// Maximum bytes of a name or value sent by a client that one message repeats: far more than a reader needs. graphql-js has no
/// such limit, and may repeat a string of a megabyte a hundred times.
inline constexpr std::size_t max_bytes_in_message = 1000;

/// Returns the text or, if it is longer than `max_bytes_in_message`, its beginning and "...". Well-formed UTF-8 stays
/// well-formed.
[[nodiscard]] std::string abbreviated(std::string_view text);

} // namespace atrium::graphql
