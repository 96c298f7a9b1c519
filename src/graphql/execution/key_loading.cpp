#include "key_loading.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace atrium::graphql {
namespace {

using detail::cell;

/// Calls `f(cell)` for each cell that refers to a value of `column.sets[set]`. `f` may replace the cell. First converts each
/// list of such values to a list of cells, because only cells can be replaced one by one.
template <class F>
void for_each_value(flat_column& column, std::uint8_t set, F f) {
    const auto convert_list = [&](cell& list) {
        const auto first = static_cast<std::uint32_t>(column.items.size());
        for (std::uint32_t i = 0; i < list.size; ++i)
            column.items.push_back({cell::kind::value, set, list.index + i, 0});
        list = {cell::kind::list_of_cells, 0, first, list.size};
    };
    const auto is_list = [&](const cell& c) { return c.content == cell::kind::list_of_values && c.set == set; };
    for (auto& c : column.cells)
        if (is_list(c))
            convert_list(c);
    for (std::size_t i = 0; i < column.items.size(); ++i) // by index, because `items` grows in the loop
        if (is_list(column.items[i])) {
            auto list = column.items[i];
            convert_list(list);
            column.items[i] = list;
        }
    for (auto* cells : {&column.cells, &column.items})
        for (auto& c : *cells)
            if (c.content == cell::kind::value && c.set == set)
                f(c);
}

/// Copies the rows that one column needs from the rows that were loaded for several columns.
class row_copier {
public:
    row_copier(const keys_in_column& keys, const flat_column& loaded_rows)
        : loaded_rows_{loaded_rows}, copies_{keys.row_key->row_type->make_set()},
          copy_indexes_(loaded_rows.sets.front()->size(), not_copied) {}

    /// Returns the index of the copy of this row. The first call for a row makes the copy.
    std::uint32_t copy(std::uint32_t row_index) {
        auto& copy_index = copy_indexes_[row_index];
        if (copy_index == not_copied) {
            copy_index = static_cast<std::uint32_t>(copies_->size());
            copies_->append(loaded_rows_.sets.front()->at(row_index), 1, transfer::copy);
        }
        return copy_index;
    }
    std::unique_ptr<value_set> finish() && { return std::move(copies_); }

private:
    static constexpr auto not_copied = std::numeric_limits<std::uint32_t>::max();

    const flat_column& loaded_rows_;
    std::unique_ptr<value_set> copies_;
    std::vector<std::uint32_t> copy_indexes_; // by the index of the loaded row
};

/// Replaces the cells that refer to keys of one column by the cells of the loaded rows.
/// @param cell_indexes for each key, the index of its cell in `loaded_rows`
/// @param copier null if this is the only column. Then the indexes of rows stay as they are, because the caller moves all
/// loaded rows into the column.
void replace_keys(const keys_in_column& keys, const std::vector<std::uint32_t>& cell_indexes, const flat_column& loaded_rows,
                  row_copier* copier) {
    auto& column = *keys.column;
    const auto first_error = static_cast<std::uint32_t>(column.errors.size());
    column.errors.insert(column.errors.end(), loaded_rows.errors.begin(), loaded_rows.errors.end());
    for_each_value(column, keys.set, [&](cell& c) {
        c = loaded_rows.cells[cell_indexes[c.index]];
        c.set = keys.set;
        if (c.content == cell::kind::error)
            c.index += first_error;
        else if (c.content == cell::kind::value && copier)
            c.index = copier->copy(c.index);
    });
}

} // namespace

flat_column follow_references(flat_column references, const std::vector<detail::value_binding>& types) {
    flat_column keys;
    for (const auto& type : types)
        keys.sets.push_back(type.key->key_type->make_set());
    if (!references.sets.empty()) {
        const auto& values = *references.sets.front();
        for_each_value(references, 0, [&](cell& c) {
            const auto& target = *static_cast<const reference*>(values.at(c.index));
            const auto type =
                std::ranges::find(types, target.type, [](const auto& t) -> const auto& { return t.object->name; });
            const auto set = static_cast<std::uint8_t>(type - types.begin());
            if (type == types.end() || !type->key->append_text(*keys.sets[set], target.key))
                c = {};
            else
                c = {cell::kind::value, set, static_cast<std::uint32_t>(keys.sets[set]->size() - 1), 0};
        });
    }
    keys.cells = std::move(references.cells);
    keys.items = std::move(references.items);
    keys.errors = std::move(references.errors);
    return keys;
}

distinct_keys::distinct_keys(const std::vector<keys_in_column>& columns) {
    const auto& row_key = *columns.front().row_key;
    keys = row_key.key_type->make_set();
    std::vector<detail::key_place> key_places;
    for (const auto& column : columns) {
        const auto& column_keys = *column.column->sets[column.set];
        key_places.reserve(key_places.size() + column_keys.size());
        for (std::uint32_t i = 0; i < column_keys.size(); ++i)
            key_places.push_back({column_keys.at(i), static_cast<std::uint32_t>(indexes.size()), i});
        indexes.emplace_back(column_keys.size());
    }
    row_key.sort(key_places);
    keys->reserve(key_places.size());
    const void* previous = nullptr;
    for (const auto& place : key_places) {
        if (!previous || row_key.is_less(previous, place.key))
            keys->append(place.key, 1, transfer::copy);
        previous = place.key;
        indexes[place.set][place.index] = static_cast<std::uint32_t>(keys->size() - 1);
    }
}

void replace_keys(const std::vector<keys_in_column>& columns, const std::vector<std::vector<std::uint32_t>>& indexes,
                  flat_column rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& keys = columns[i];
        auto& values = keys.column->sets[keys.set];
        if (columns.size() == 1) {
            replace_keys(keys, indexes[i], rows, nullptr);
            values = std::move(rows.sets.front());
        } else {
            row_copier copier{keys, rows};
            replace_keys(keys, indexes[i], rows, &copier);
            values = std::move(copier).finish();
        }
    }
}

void replace_keys(const keys_in_column& keys, cell replacement) {
    for_each_value(*keys.column, keys.set, [&](cell& c) { c = replacement; });
    keys.column->sets[keys.set] = keys.row_key->row_type->make_set();
}

} // namespace atrium::graphql
