#include "verified_tokens.hpp"

#include <utility>

namespace atrium::auth {

std::shared_ptr<const access::principal> verified_tokens::find(const digest& token, std::uint64_t keys, timestamp now) {
    const std::lock_guard lock{mutex_};
    const auto found = by_digest_.find(token);
    if (found == by_digest_.end())
        return nullptr;
    const auto known = found->second;
    const bool is_fresh = known->keys == keys && now >= known->verified && now < known->verified + max_age;
    if (!is_fresh || !known->principal->is_valid(now)) {
        remove(known);
        return nullptr;
    }
    by_use_.splice(by_use_.begin(), by_use_, known);
    return known->principal;
}

void verified_tokens::add(const digest& token, std::uint64_t keys, std::shared_ptr<const access::principal> principal,
                          timestamp now) {
    const std::lock_guard lock{mutex_};
    if (const auto found = by_digest_.find(token); found != by_digest_.end())
        remove(found->second);
    if (by_use_.size() >= max_count)
        remove(std::prev(by_use_.end()));
    by_use_.push_front({token, keys, std::move(principal), now});
    by_digest_.emplace(token, by_use_.begin());
}

std::size_t verified_tokens::size() const {
    const std::lock_guard lock{mutex_};
    return by_use_.size();
}

/// The caller must hold the mutex.
void verified_tokens::remove(entries::iterator known) {
    by_digest_.erase(known->token);
    by_use_.erase(known);
}

} // namespace atrium::auth
