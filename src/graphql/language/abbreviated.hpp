#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace atrium::graphql {

/// How many bytes of a client's name or value one message repeats. Far more than anybody reads; graphql-js has no such bound,
/// and says a hundred times what is a megabyte long.
inline constexpr std::size_t longest_in_message = 1000;

/// The text, or where it is longer than that its beginning and "...". Well-formed UTF-8 stays so.
[[nodiscard]] std::string abbreviated(std::string_view text);

} // namespace atrium::graphql
