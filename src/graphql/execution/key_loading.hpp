#pragma once

#include "bindings.hpp"
#include "columns.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// Replaces keys in columns with their rows.
namespace atrium::graphql {

/// A column in which one set of values consists of keys.
struct keys_in_column {
    flat_column* column;
    std::uint8_t set; ///< index of the set in `column->sets`
    const detail::row_key* row_key;
    const selection_plan* below; ///< the selected fields of the rows
};

/// Converts each `reference` to a key of the object type to which it refers. The result has one set of keys for each of
/// `types`. A reference to a type that is not one of `types`, or with an invalid key, becomes null.
[[nodiscard]] flat_column follow_references(flat_column references, const std::vector<detail::value_binding>& types);

/// The keys of several columns, in ascending order and without duplicates.
struct distinct_keys {
    explicit distinct_keys(const std::vector<keys_in_column>& columns);

    std::unique_ptr<value_set> keys;
    std::vector<std::vector<std::uint32_t>> indexes; ///< for each column, the index in `keys` of each of its keys
};

/// Replaces each key's cell with the cell that was loaded for the key.
/// @param indexes from the `distinct_keys` of exactly these columns
/// @param rows one cell for each of the distinct keys
void replace_keys(const std::vector<keys_in_column>& columns, const std::vector<std::vector<std::uint32_t>>& indexes,
                  flat_column rows);

/// Replaces each key's cell with `replacement`.
void replace_keys(const keys_in_column& keys, detail::cell replacement);

} // namespace atrium::graphql
