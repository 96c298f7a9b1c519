#pragma once

#include "bindings.hpp"
#include "columns.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// Rows in the place of keys.
namespace atrium::graphql {

/// A column of which one set of values are keys.
struct keys_in_column {
    flat_column* column;
    std::uint8_t set;
    const detail::row_key* key;
    const selection_plan* below; ///< what is selected of the rows
};

/// Each `reference` as a key of the type that it names: of the sets that result, one for each of `types`. One that means
/// nothing is null.
[[nodiscard]] flat_column follow_references(flat_column references, const std::vector<detail::value_binding>& types);

/// Keys of several columns, in ascending order and each once.
struct distinct_keys {
    explicit distinct_keys(const std::vector<keys_in_column>& columns);

    std::unique_ptr<value_set> keys;
    std::vector<std::vector<std::uint32_t>> places; ///< of each column: where each of its keys stands in `keys`
};

/// Each key's cell becomes what was loaded for it.
/// @param places as `distinct_keys` has them of exactly these columns
/// @param rows a cell for each of the distinct keys
void replace_keys(const std::vector<keys_in_column>& columns, const std::vector<std::vector<std::uint32_t>>& places,
                  flat_column rows);

/// Each key's cell becomes this one.
void replace_keys(const keys_in_column& keys, detail::cell by);

} // namespace atrium::graphql
