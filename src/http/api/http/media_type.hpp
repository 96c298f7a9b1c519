#pragma once

#include <http/request.hpp>

#include <optional>
#include <span>
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

/// Which of the media types that a handler can answer with the client likes best, by its Accept (RFC 9110, 12.5.1): the highest
/// quality; among equals what it names before what it only allows, then its own order, then the handler's. The handler's first
/// where the client does not say; empty where none is acceptable (406).
[[nodiscard]] std::optional<std::string_view> negotiate(const request& q, std::span<const std::string_view> offered);

} // namespace atrium::http
