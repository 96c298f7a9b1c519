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

/// Caps `count`. The caller stops counting at one above the limit, which is enough to know that the limit is exceeded.
[[nodiscard]] constexpr capped_count capped(std::int64_t count) noexcept {
    return {.count = count < capped_count::limit ? count : capped_count::limit, .capped = count > capped_count::limit};
}

/// A part of a list. Only a bounded number of rows is examined for each page. So if the list has a filter, a page can have
/// fewer items than its limit, or none, and still have a next page.
template <class T, class Position>
struct list_page {
    std::vector<T> items;
    std::optional<Position> next; ///< the list continues after this position; empty at its end
};

} // namespace atrium::events
