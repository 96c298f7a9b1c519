#pragma once

#include "issuer_keys.hpp"
#include "jwt.hpp"
#include "recognition.hpp"
#include "refusal_limit.hpp"
#include "verified_tokens.hpp"

#include <auth/settings.hpp>
#include <base/awaitable.hpp>
#include <base/clock.hpp>

#include <string_view>

namespace atrium::auth {

/// Recognizes the JSON Web Tokens of the configured issuer. Any thread.
class issuer {
public:
    /// Throws what the constructor of `issuer_keys` throws.
    issuer(const jwt_settings& s, issuer_keys::parts p)
        : rules_{.issuer = s.issuer, .audience = s.audience}, keys_{s, std::move(p)} {}

    /// Verifies a token, unless it was verified recently. If the reason of a refusal is `unknown_key`, `request_newer_keys` may
    /// help.
    /// @param presented the credentials that contain the token
    /// @param limit while the client's address is over this limit, a token that was not verified recently is refused without a
    /// check
    [[nodiscard]] recognition recognize(std::string_view token, timestamp now, const access::credentials& presented,
                                        refusal_limit& limit);

    /// See `issuer_keys::request_newer`.
    [[nodiscard]] awaitable<bool> request_newer_keys() { return keys_.request_newer(); }

    [[nodiscard]] issuer_keys& keys() noexcept { return keys_; }

private:
    const jwt::rules rules_;
    issuer_keys keys_;
    verified_tokens verified_;
};

} // namespace atrium::auth
