#pragma once

#include <base/error.hpp>
#include <http/request.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

/// Requests that a client may repeat: draft-ietf-httpapi-idempotency-key-header-07.
namespace atrium::idempotency {

inline constexpr std::string_view key_header = "Idempotency-Key";

/// Identifies a request that a client may send again.
struct request_key {
    std::string principal;   ///< the name of the client; each principal has keys of its own
    std::string key;         ///< the key that the client has chosen
    std::string fingerprint; ///< identifies the request, because another request must not use the same key
};

/// Parses a key of 1 to 255 visible ASCII characters. The text is either the key itself, or the key in quotes, as a String of
/// structured fields (RFC 8941, section 3.3.3). Errors: malformed.
[[nodiscard]] result<std::string> parse_key(std::string_view text);

/// The key in the header of a request; empty if it has none. Errors: malformed, also if there are several such headers.
[[nodiscard]] result<std::optional<std::string>> read_key(const http::request& q);

/// A hash of these texts in this order. Different lists of texts have different fingerprints.
[[nodiscard]] std::string fingerprint_of(std::initializer_list<std::string_view> parts);

} // namespace atrium::idempotency
