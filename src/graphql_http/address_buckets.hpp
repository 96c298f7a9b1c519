#pragma once

#include <base/token_bucket.hpp>
#include <http/address_group.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace atrium::graphql_http {

/// A token bucket for each address that has used some of its budget. The size of the memory is fixed, however many addresses
/// there are, because each address belongs to a set with a fixed number of places. A full bucket needs no place. If all places
/// of a set are taken, a new bucket replaces the one that would be full first. The replaced bucket then counts as full. This
/// class does no I/O, and can be used on any thread.
class address_buckets {
public:
    using clock = token_bucket::clock;

    /// `seed` determines which addresses share a set. If it is random, clients cannot predict this.
    explicit address_buckets(std::uint64_t seed, std::size_t sets = default_sets);

    /// How long it takes until more than `reserve`, a fraction of the burst, is left for the address; zero if more than that is
    /// left already.
    [[nodiscard]] std::chrono::nanoseconds waiting_time(http::address_group address, const token_bucket::rate& r,
                                                        clock::time_point now, double reserve);
    /// Takes `amount` from the budget of the address. Returns what is left; negative if the budget is overdrawn.
    std::chrono::nanoseconds take(http::address_group address, const token_bucket::rate& r, std::chrono::nanoseconds amount,
                                  clock::time_point now);

    static constexpr std::size_t places_in_set = 8;
    static constexpr std::size_t default_sets = 2048; ///< 16,384 addresses in 336 KiB

private:
    struct place {
        http::address_group address{};
        token_bucket bucket{};
    };
    struct set {
        std::mutex mutex;
        std::array<place, places_in_set> places;
    };

    [[nodiscard]] set& set_of(http::address_group address) noexcept;
    /// Null if the address has no place, which means that its bucket is full.
    [[nodiscard]] static token_bucket* find_bucket(set& addresses, http::address_group address) noexcept;
    [[nodiscard]] static token_bucket& make_bucket(set& addresses, http::address_group address) noexcept;

    const std::uint64_t seed_;
    std::vector<set> sets_;
};

} // namespace atrium::graphql_http
