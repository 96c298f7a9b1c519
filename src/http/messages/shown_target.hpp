#pragma once

#include <string>
#include <string_view>

namespace atrium::http {

/// A target or URL for the log: the values of query parameters that may be secrets (`code` and `token`) are replaced.
[[nodiscard]] std::string shown_target(std::string_view target);

/// The same, appended to a text, which needs no memory if the text has enough.
void append_shown_target(std::string& text, std::string_view target);

} // namespace atrium::http
