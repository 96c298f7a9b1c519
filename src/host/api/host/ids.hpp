#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

/// Ids that clients and events name in any order and more than once, and tables give answers to by ascending id.
namespace atrium::host {

/// The same ids, ascending, each once.
template <class Id>
[[nodiscard]] std::vector<Id> ascending(std::vector<Id> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// Where `id` stands among ids that ascend; it must be one of them.
template <class Id>
[[nodiscard]] std::size_t index_in(std::span<const Id> ascending, Id id) {
    return static_cast<std::size_t>(std::lower_bound(ascending.begin(), ascending.end(), id) - ascending.begin());
}

} // namespace atrium::host
