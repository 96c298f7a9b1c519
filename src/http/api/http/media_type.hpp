#pragma once

#include <http/request.hpp>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

/// A Content-Type (RFC 9110, section 8.3.1).
struct media_type {
    std::string essence;                                         ///< "application/json", in lower case
    std::vector<std::pair<std::string, std::string>> parameters; ///< names in lower case, values unquoted

    /// Whether text of this type is UTF-8: there is no parameter, or only `charset=utf-8`.
    [[nodiscard]] bool is_utf8() const noexcept;
};

/// Parses a Content-Type. The result's essence is empty if the text is malformed.
[[nodiscard]] media_type parse_media_type(std::string_view text);

/// Selects the offered media type that the client prefers by its Accept (RFC 9110, section 12.5.1): the highest quality first.
/// Among types of equal quality, those that the client names come first, in the client's order, then those that only a wildcard
/// matches, in the order of `offered`. The result is the first type offered if the request has no valid Accept, and empty if no
/// type is acceptable (406).
[[nodiscard]] std::optional<std::string_view> negotiate(const request& q, std::span<const std::string_view> offered);

/// Whether the client, such as a browser, prefers a page (text/html) to JSON.
[[nodiscard]] bool wants_page(const request& q);

} // namespace atrium::http
