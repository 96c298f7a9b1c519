#include "address_buckets.hpp"

#include <algorithm>

namespace atrium::graphql_http {

address_buckets::address_buckets(std::uint64_t seed, std::size_t sets) : seed_{seed}, sets_(sets) {}

std::chrono::nanoseconds address_buckets::waiting_time(http::address_group address, const token_bucket::rate& r,
                                                       clock::time_point now, double reserve) {
    auto& addresses = set_of(address);
    const std::lock_guard lock{addresses.mutex};
    const auto* bucket = find_bucket(addresses, address);
    return bucket ? bucket->waiting_time(r, now, reserve) : std::chrono::nanoseconds{0};
}

std::chrono::nanoseconds address_buckets::take(http::address_group address, const token_bucket::rate& r,
                                               std::chrono::nanoseconds amount, clock::time_point now) {
    auto& addresses = set_of(address);
    const std::lock_guard lock{addresses.mutex};
    auto* const existing = find_bucket(addresses, address);
    auto& bucket = existing ? *existing : make_bucket(addresses, address);
    bucket.take(r, amount, now);
    return bucket.left(r, now);
}

/// Selects the set by a hash of the address: the final mix of MurmurHash3, in which every bit of the address counts equally.
address_buckets::set& address_buckets::set_of(http::address_group address) noexcept {
    auto hash = static_cast<std::uint64_t>(address) ^ seed_;
    for (const auto factor : {0xff51afd7ed558ccdU, 0xc4ceb9fe1a85ec53U}) {
        hash ^= hash >> 33U;
        hash *= factor;
    }
    return sets_[(hash ^ hash >> 33U) % sets_.size()];
}

token_bucket* address_buckets::find_bucket(set& addresses, http::address_group address) noexcept {
    const auto found = std::ranges::find(addresses.places, address, &place::address);
    return found == addresses.places.end() ? nullptr : &found->bucket;
}

token_bucket& address_buckets::make_bucket(set& addresses, http::address_group address) noexcept {
    const auto place = std::ranges::min_element(addresses.places, {}, [](const auto& each) { return each.bucket.full_at(); });
    *place = {.address = address, .bucket = {}};
    return place->bucket;
}

} // namespace atrium::graphql_http
