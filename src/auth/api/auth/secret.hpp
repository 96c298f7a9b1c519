#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::auth {

/// Number of characters of a token, of a session's cookie and of a sign-in code.
inline constexpr std::size_t secret_size = 43;

/// 256 random bits in base64url. Throws std::runtime_error if the system has no random numbers.
[[nodiscard]] std::string make_secret();

/// The SHA-256 of a credential. Credentials are stored, compared and looked up only by their digests, so the time of a
/// comparison reveals nothing about a credential.
using digest = std::array<unsigned char, 32>;

/// Computes the digest of a credential. Can be called on any thread. Allocates nothing after the first call on a thread. Throws
/// std::runtime_error if OpenSSL cannot compute the digest.
[[nodiscard]] digest digest_of(std::string_view credential);

/// The form of a digest in the database: base64url.
[[nodiscard]] std::string to_text(const digest& d);
[[nodiscard]] std::optional<digest> parse_digest(std::string_view text);

/// The hash of a digest for hash tables: its first bytes, because all bits of a digest are equally random.
struct digest_hash {
    [[nodiscard]] std::size_t operator()(const digest& d) const noexcept;
};

} // namespace atrium::auth
