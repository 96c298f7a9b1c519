#pragma once

#include "server/connection_fsm.hpp"

#include <http/address_group.hpp>

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::http {

/// The state of a connection that may be closed for a new one, in the order of eviction.
enum class eviction_rank {
    lingering, ///< its last response was sent, and further input is discarded
    idle,      ///< between two requests
    header,    ///< a request's header has begun to arrive
};

/// The position of a connection in the order of eviction.
struct eviction_standing {
    eviction_rank rank;
    std::chrono::steady_clock::time_point
        deadline; ///< the deadline of the connection's state; the earlier it is, the longer the state has lasted

    auto operator<=>(const eviction_standing&) const = default;
};

/// Empty for a connection that has received a complete header, runs a handler or has something to write, because such a
/// connection is not closed for others.
[[nodiscard]] std::optional<eviction_standing> standing_of(const connection_fsm& fsm) noexcept;

struct eviction_candidate {
    std::size_t place;    ///< index among the worker's connections when the candidates were collected
    std::uint64_t serial; ///< identifies the connection
    eviction_standing standing;
};

/// The connections of a worker that will be closed next for new ones. Collecting candidates is expensive, so the first few are
/// kept; the caller must check that a candidate still exists and that its standing has not changed. No I/O; one thread.
class eviction_order {
public:
    static constexpr std::size_t max_kept = 64;

    using address_filter = std::optional<address_group>; ///< empty means all addresses

    /// Keeps the first `max_kept` of `candidates`, which all match `filter`. Reorders `candidates`.
    void fill(address_filter filter, std::vector<eviction_candidate>& candidates);
    /// Whether a search for candidates that match `filter` would find none, because a search since the last `renew` has found
    /// none.
    [[nodiscard]] bool would_find_none(address_filter filter) const noexcept;
    /// Forgets that searches have found none. Must be called from time to time, because connections become idle.
    void renew() noexcept;

    /// Removes and returns the next candidate; empty if none is left, or if the last `fill` had another filter.
    [[nodiscard]] std::optional<eviction_candidate> take(address_filter filter);

private:
    address_filter filter_;
    bool is_without_candidates_ = false;
    std::optional<address_group> address_without_candidates_; ///< the last address for which a search has found no candidate
    std::vector<eviction_candidate> kept_;                    ///< the last element is taken next
};

} // namespace atrium::http
