#pragma once

#include <access/principal.hpp>
#include <base/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

namespace atrium::access {

/// The credentials of one request or WebSocket, as its client sent them.
struct credentials {
    std::string_view authorization = {}; ///< the value of `Authorization` (RFC 9110, section 11.6.2); empty if there is none
    std::string_view cookie = {};        ///< the value of `Cookie` (RFC 6265, section 5.4); empty if there is none
    std::optional<std::uint64_t> address = {}; ///< the address of the client, as a number; empty if it is not known
    bool is_secure = false;                    ///< whether the client uses TLS
};

/// Determines which principal presents credentials. All workers use the same object.
class authenticator {
public:
    virtual ~authenticator() = default;

    /// Returns null if the credentials are missing, unknown, expired or revoked. A client must not learn which of these is
    /// the case. If `auth.mode` is "none", returns `principal::anonymous` for everyone. The coroutine may wait for the keys of
    /// an issuer of JSON Web Tokens, so the views in `presented` must remain valid until it ends.
    [[nodiscard]] virtual awaitable<std::shared_ptr<const principal>> authenticate(credentials presented) = 0;
};

} // namespace atrium::access
