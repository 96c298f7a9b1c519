#pragma once

#include <base/error.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct evp_pkey_st;

namespace atrium::auth {

/// The algorithms of the signatures that are accepted (RFC 7518, section 3.1; RFC 8037). `none` and HMAC are never among them.
enum class algorithm { rs256, ps256, es256, eddsa };

/// The algorithm with this name in JOSE; empty for all other names.
[[nodiscard]] std::optional<algorithm> parse_algorithm(std::string_view name) noexcept;

/// A public key of an issuer. The key determines with which algorithms it may verify the signature of a JSON Web Token: if the
/// key has an `alg`, only with the algorithm that it names; otherwise with all algorithms of the key's type. Only the type RSA
/// has two algorithms, RS256 and PS256, which use different padding.
struct public_key {
    std::string id;                    ///< `kid`; empty if it has none
    std::vector<algorithm> algorithms; ///< at least one
    std::shared_ptr<evp_pkey_st> handle;

    [[nodiscard]] bool fits(algorithm a) const noexcept;
};

/// Whether `signature` is a valid signature of `text`. Any thread.
[[nodiscard]] bool verify(const public_key& key, algorithm a, std::string_view text, std::string_view signature);

/// The keys of an issuer: a JSON Web Key Set (RFC 7517, section 5). Does not change, so any thread may use it.
class key_set {
public:
    static constexpr std::size_t max_bytes = 256 * 1024;
    static constexpr std::size_t max_keys = 100;
    static constexpr int min_rsa_bits = 2048;
    static constexpr int max_rsa_bits = 8192;

    key_set() = default;

    /// Reads a key set. Leaves out keys that fit no `algorithm`, that are not for signatures, or whose size is out of range
    /// (RFC 7517, section 5).
    /// Errors: malformed, with a detail for the operator, if the text is not a key set or has no key that can be used.
    [[nodiscard]] static result<key_set> parse(std::string_view json);

    /// The result of a search. `key` is null unless exactly one key fits.
    struct finding {
        const public_key* key = nullptr;
        bool is_id_known = false; ///< a key with this id exists
    };
    /// Finds the key that can verify a JSON Web Token with this key id and algorithm.
    /// @param id the `kid` of the JSON Web Token; if it is empty, keys with any id can fit
    [[nodiscard]] finding find(const std::optional<std::string>& id, algorithm a) const noexcept;

    [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }
    [[nodiscard]] std::size_t left_out() const noexcept { return left_out_; } ///< number of keys that `parse` has left out

private:
    std::vector<public_key> keys_;
    std::size_t left_out_ = 0;
};

} // namespace atrium::auth
