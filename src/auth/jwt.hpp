#pragma once

#include "key_set.hpp"
#include "recognition.hpp"

#include <base/clock.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

/// JSON Web Tokens (RFC 7519) in the compact serialization of JWS (RFC 7515, section 7.1). The checks follow the advice of RFC
/// 8725.
namespace atrium::auth::jwt {

/// The values that the claims `iss` and `aud` of a token must have.
struct rules {
    std::string issuer;
    std::string audience;
};

/// How much the clocks of the issuer and of this machine may differ.
inline constexpr std::chrono::seconds leeway{60};

/// The maximum length of a token in bytes. Most tokens are shorter than 2,000 bytes.
inline constexpr std::size_t max_size = 8 * 1024;

/// Whether a text has the form of a token: three parts with periods between them.
[[nodiscard]] bool has_form(std::string_view text) noexcept;

/// Checks the signature and the claims of a token. The principal is named after the token's subject, such as "jwt:alice", and
/// expires when the leeway after `exp` ends. If the token is refused with the reason `unknown_key`, newer keys of the issuer
/// may be able to verify it. Any thread.
[[nodiscard]] recognition recognize(std::string_view token, const key_set& keys, const rules& required, timestamp now);

} // namespace atrium::auth::jwt
