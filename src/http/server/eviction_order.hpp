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

/// What a connection does that could be closed for a newcomer; those named first go first.
enum class eviction_rank {
    lingering, ///< its last response is sent
    idle,      ///< between two requests
    header,    ///< a request's header has begun to arrive
};

/// How a connection stands among those that could be closed.
struct eviction_standing {
    eviction_rank rank;
    std::chrono::steady_clock::time_point deadline; ///< of its state: the earlier, the longer it has lasted

    auto operator<=>(const eviction_standing&) const = default;
};

/// Empty for a connection that has a whole header, a handler or something to write: it is not closed for others.
[[nodiscard]] std::optional<eviction_standing> standing_of(const connection_fsm& fsm) noexcept;

struct eviction_candidate {
    std::size_t place;    ///< among the worker's connections, when they were looked through
    std::uint64_t serial; ///< which connection was there
    eviction_standing standing;
};

/// The connections of a worker that are closed next for newcomers. Looking through all is expensive, so the first few are kept;
/// the caller makes sure that one is still there and stands as it did. No I/O; one thread.
class eviction_order {
public:
    static constexpr std::size_t max_kept = 64;

    using owner = std::optional<address_group>; ///< empty: of all addresses

    /// Keeps the first of `all`, which are connections of `whose`. Reorders `all`.
    void fill(owner whose, std::vector<eviction_candidate>& all);
    /// Whether `whose` had none when they were looked through, since the last `renew`.
    [[nodiscard]] bool is_in_vain(owner whose) const noexcept;
    /// After some time: connections have become idle since.
    void renew() noexcept;

    /// The next one, once; empty if none is left, or if they are not those of `whose`.
    [[nodiscard]] std::optional<eviction_candidate> take(owner whose);

private:
    owner whose_;
    bool has_none_ = false;
    std::optional<address_group> has_none_of_; ///< the last address that had none
    std::vector<eviction_candidate> kept_;     ///< the next one is the last
};

} // namespace atrium::http
