#pragma once

#include <cstdint>
#include <limits>
#include <string>

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

/// SQL for either end of a slice.
class both_ends {
public:
    /// @param towards what to say for an order: "ASC", "DESC"
    template <class F>
    explicit both_ends(F towards) : from_start_{towards("ASC")}, from_end_{towards("DESC")} {}

    [[nodiscard]] const std::string& of(const slice& wanted) const { return wanted.from_end ? from_end_ : from_start_; }

private:
    std::string from_start_;
    std::string from_end_;
};

} // namespace atrium::host
