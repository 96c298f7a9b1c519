#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

/// A Content-Type (RFC 9110, 8.3.1).
struct media_type {
    std::string essence;                                         ///< "application/json", in lower case
    std::vector<std::pair<std::string, std::string>> parameters; ///< names in lower case, values unquoted

    /// Whether its text is UTF-8: no parameter, or `charset=utf-8` alone.
    [[nodiscard]] bool is_utf8() const noexcept;
};

/// Reads a Content-Type; the essence is empty where it is malformed.
[[nodiscard]] media_type parse_media_type(std::string_view text);

} // namespace atrium::http
