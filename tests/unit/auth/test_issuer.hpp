#pragma once

#include "openssl.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace atrium::auth {

/// A key pair of an issuer that signs tokens.
class test_key {
public:
    /// @param algorithm "RS256", "PS256", "ES256" or "EdDSA"
    /// @param rsa_bits the size of the key in bits if it is an RSA key
    test_key(std::string algorithm, std::string id, unsigned rsa_bits = 2048);

    /// The public key as a JSON Web Key. @param more additional members, such as R"("alg":"PS256")"
    [[nodiscard]] std::string jwk(std::string_view more = {}) const;

    /// The compact serialization of a signed payload.
    [[nodiscard]] std::string sign(std::string_view payload) const;
    /// Like `sign`, but with the header that the caller passes.
    [[nodiscard]] std::string sign_with(std::string_view header, std::string_view payload) const;

    [[nodiscard]] const std::string& id() const noexcept { return id_; }

private:
    [[nodiscard]] std::string signature_of(const std::string& text) const;
    [[nodiscard]] std::string number(const char* name) const;

    std::string algorithm_;
    std::string id_;
    openssl::key key_;
};

/// A key set: `set_of(a.jwk(), b.jwk())`.
template <class... Keys>
std::string set_of(const Keys&... keys) {
    std::string all;
    ((all += (all.empty() ? "" : ",") + std::string{keys}), ...);
    return R"({"keys":[)" + all + "]}";
}

} // namespace atrium::auth
