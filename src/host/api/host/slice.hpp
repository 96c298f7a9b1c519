#pragma once

#include <cstdint>
#include <limits>

namespace atrium::host {

/// Which rows, in the ascending order of their ids: those between two positions, the first or the last of them.
struct slice {
    static constexpr std::int64_t longest = 1000;

    std::int64_t after = 0;                                         ///< ids above this
    std::int64_t before = std::numeric_limits<std::int64_t>::max(); ///< ids below this
    std::int64_t limit = 100;                                       ///< rows at the most
    bool from_end = false;                                          ///< the last of them rather than the first

    /// What to read: one more row than is shown tells whether there are more.
    [[nodiscard]] slice with_one_more() const noexcept { return {after, before, limit + 1, from_end}; }
};

} // namespace atrium::host
