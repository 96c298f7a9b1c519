#pragma once

#include "errors.hpp"

#include <base/error.hpp>
#include <graphql/column.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

/// Columns as the engine stores them: values flattened into cells and sets of contents, so that a thousand lists of rows become
/// one array of rows.
namespace atrium::graphql {

struct flat_column {
    std::vector<detail::cell> cells{}; ///< one for each parent
    std::vector<detail::cell> items{}; ///< the items of `list_of_cells` cells
    std::vector<error> errors{};
    std::vector<std::unique_ptr<value_set>> sets{}; ///< one for each of the contents of the column's value_type

    [[nodiscard]] detail::cell item_of(const detail::cell& list, std::uint32_t i) const {
        return list.content == detail::cell::kind::list_of_values
                   ? detail::cell{detail::cell::kind::value, list.set, list.index + i, 0}
                   : items[list.index + i];
    }
};

/// Adds an error to the column, and returns the cell for it.
[[nodiscard]] detail::cell add_error(flat_column& column, error e);

/// The cell for an error of the engine.
[[nodiscard]] detail::cell cell_of(engine_error t);

/// Flattens values, one after the other.
class column_builder {
public:
    /// @param how whether contents are copied from the values or moved out of them
    column_builder(const value_type& type, transfer how);

    void reserve(std::size_t values);

    /// Stores the value's contents in the column, and returns its cell.
    [[nodiscard]] detail::cell flatten(const void* value) { return flatten(value, type_); }

    flat_column column; ///< the result; the caller adds `cells`

private:
    detail::cell flatten(const void* value, const value_type& type);
    detail::cell add(std::uint8_t set, const void* content);
    detail::cell flatten_list(const void* list, std::size_t size, const list_type& type);

    const value_type& type_;
    transfer transfer_;
};

/// Flattens all values of a column.
[[nodiscard]] flat_column flatten(detail::erased_column column);

} // namespace atrium::graphql
