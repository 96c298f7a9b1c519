#pragma once

#include "bindings.hpp"

#include <graphql/column.hpp>

#include <cstdint>
#include <vector>

/// Rows in the place of keys.
namespace atrium::graphql {

/// A column of which one set of values are keys.
struct keys_in_column {
    detail::any_column* column;
    std::uint8_t set;
    const detail::row_key* key;
    const selection_plan* below; ///< what is selected of the rows
};

/// Each `reference` as a key of the type that it names: of the sets that result, one for each of `types`. One that means
/// nothing is null.
[[nodiscard]] detail::any_column follow_references(detail::any_column references,
                                                   const std::vector<detail::value_binding>& types);

/// Each key's cell becomes what was loaded for it.
/// @param loaded for exactly these columns, in their order
void replace_keys(const std::vector<keys_in_column>& columns, detail::loaded_rows loaded);

/// Each key's cell becomes this one.
void replace_keys(const keys_in_column& keys, detail::cell by);

} // namespace atrium::graphql
