#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

/// Sorted ids: requests and events may contain ids in any order and more than once, but tables return rows by ascending id.
namespace atrium::resource {

/// The same ids, ascending and without duplicates.
template <class Id>
[[nodiscard]] std::vector<Id> ascending(std::vector<Id> ids) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

/// The index of `id` in ids that are ascending and contain it.
template <class Id>
[[nodiscard]] std::size_t index_in(std::span<const Id> ascending, Id id) {
    return static_cast<std::size_t>(std::lower_bound(ascending.begin(), ascending.end(), id) - ascending.begin());
}

/// The existing rows with these ids. The ids may be in any order and contain duplicates. Each row is returned once, by
/// ascending id.
/// @param find_rows returns awaitable<result<std::vector<std::optional<Row>>>> for ascending ids
template <class Row, class Id, class Find>
awaitable<result<std::vector<Row>>> find_present(std::vector<Id> ids, Find find_rows) {
    ids = ascending(std::move(ids));
    std::vector<Row> present;
    if (ids.empty())
        co_return present;
    auto found = co_await find_rows(std::span<const Id>{ids});
    if (!found)
        co_return found.error();
    for (auto& row : *found)
        if (row)
            present.push_back(*std::move(row));
    co_return present;
}

} // namespace atrium::resource
