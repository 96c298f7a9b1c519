#pragma once

#include <string>
#include <string_view>

namespace atrium::http {

/// Converts a target or URL for the log: replaces the values of query parameters that may be secrets (`code` and `token`).
[[nodiscard]] std::string shown_target(std::string_view target);

/// Like `shown_target`, but appends to a text. Allocates no memory if the text has enough capacity, and
/// the names of the parameters have no escapes.
void append_shown_target(std::string& text, std::string_view target);

} // namespace atrium::http
