#pragma once

#include <access/principal.hpp>
#include <auth/secret.hpp>
#include <base/clock.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace atrium::auth {

/// Remembers the principals of JSON Web Tokens for a short time, so that not every request requires the check of a signature. A
/// token is forgotten when it expires, when the keys of the issuer change, or when newer tokens need its place. Any thread.
class verified_tokens {
public:
    static constexpr std::size_t max_count = 4096;
    static constexpr std::chrono::minutes max_age{5};

    /// Returns null if the token is not known, or was verified with other keys.
    /// @param keys the number of the key set that is in use
    [[nodiscard]] std::shared_ptr<const access::principal> find(const digest& token, std::uint64_t keys, timestamp now);
    void add(const digest& token, std::uint64_t keys, std::shared_ptr<const access::principal> principal, timestamp now);

    [[nodiscard]] std::size_t size() const;

private:
    struct entry {
        digest token;
        std::uint64_t keys;
        std::shared_ptr<const access::principal> principal;
        timestamp verified;
    };
    using entries = std::list<entry>;

    void remove(entries::iterator known);

    mutable std::mutex mutex_; ///< guards the following members
    entries by_use_;           ///< the most recently used one first
    std::unordered_map<digest, entries::iterator, digest_hash> by_digest_;
};

} // namespace atrium::auth
