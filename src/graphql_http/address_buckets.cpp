#include "address_buckets.hpp"

#include <algorithm>

namespace atrium::graphql_http {

address_buckets::address_buckets(std::uint64_t seed, std::size_t sets) : seed_{seed}, sets_(sets) {}

std::chrono::nanoseconds address_buckets::wait(http::address_group address, const token_bucket::rate& r, clock::time_point now,
                                               double reserve) {
    auto& all = set_of(address);
    const std::lock_guard lock{all.mutex};
    const auto* bucket = find(all, address);
    return bucket ? bucket->wait(r, now, reserve) : std::chrono::nanoseconds{0};
}

std::chrono::nanoseconds address_buckets::take(http::address_group address, const token_bucket::rate& r,
                                               std::chrono::nanoseconds amount, clock::time_point now) {
    auto& all = set_of(address);
    const std::lock_guard lock{all.mutex};
    auto* const known = find(all, address);
    auto& bucket = known ? *known : make(all, address);
    bucket.take(r, amount, now);
    return bucket.left(r, now);
}

/// The final mix of MurmurHash3: every bit of the address affects the result equally.
address_buckets::set& address_buckets::set_of(http::address_group address) noexcept {
    auto hash = static_cast<std::uint64_t>(address) ^ seed_;
    for (const auto factor : {0xff51afd7ed558ccdU, 0xc4ceb9fe1a85ec53U}) {
        hash ^= hash >> 33U;
        hash *= factor;
    }
    return sets_[(hash ^ hash >> 33U) % sets_.size()];
}

token_bucket* address_buckets::find(set& shard, http::address_group address) noexcept {
    const auto found = std::ranges::find(shard.places, address, &place::address);
    return found == shard.places.end() ? nullptr : &found->bucket;
}

token_bucket& address_buckets::make(set& shard, http::address_group address) noexcept {
    const auto place = std::ranges::min_element(shard.places, {}, [](const auto& each) { return each.bucket.full_at(); });
    *place = {.address = address, .bucket = {}};
    return place->bucket;
}

} // namespace atrium::graphql_http
