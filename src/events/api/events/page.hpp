#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::events {

/// A count that stops at a limit, because counting costs time: `capped` means "at least `count`".
struct capped_count {
    std::int64_t count = 0;
    bool capped = false;

    static constexpr std::int64_t limit = 10'000;
};

/// A part of a list. A page examines a bounded number of rows, so with a filter it can have fewer items than its limit, or
/// none, and still have a next page.
template <class T, class Position>
struct page {
    std::vector<T> items;
    std::optional<Position> next; ///< the list continues after this position; empty at its end
};

} // namespace atrium::events
