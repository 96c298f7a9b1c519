#include "key_loading.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

namespace atrium::graphql {
namespace {

using detail::cell;

/// Calls `f` for each cell that contains a value of the set. Lists of values are first converted to lists of cells.
template <class F>
void for_each_value(flat_column& column, std::uint8_t set, F f) {
    const auto spread_list = [&](cell& list) {
        const auto first = static_cast<std::uint32_t>(column.items.size());
        for (std::uint32_t i = 0; i < list.size; ++i)
            column.items.push_back({cell::kind::value, set, list.index + i, 0});
        list = {cell::kind::list_of_cells, 0, first, list.size};
    };
    const auto is_list = [&](const cell& c) { return c.what == cell::kind::list_of_values && c.set == set; };
    for (auto& c : column.cells)
        if (is_list(c))
            spread_list(c);
    for (std::size_t i = 0; i < column.items.size(); ++i) // `items` grows in the loop
        if (is_list(column.items[i])) {
            auto list = column.items[i];
            spread_list(list);
            column.items[i] = list;
        }
    for (auto* cells : {&column.cells, &column.items})
        for (auto& c : *cells)
            if (c.what == cell::kind::value && c.set == set)
                f(c);
}

/// Copies the rows that belong to one column from the rows that were loaded for several columns.
class copied_rows {
public:
    copied_rows(const keys_in_column& keys, const flat_column& loaded)
        : loaded_{loaded}, rows_{keys.key->row->make_set()},
          places_(loaded.sets.front()->size(), std::numeric_limits<std::uint32_t>::max()) {}

    std::uint32_t place_of(std::uint32_t row) {
        auto& place = places_[row];
        if (place == std::numeric_limits<std::uint32_t>::max()) {
            place = static_cast<std::uint32_t>(rows_->size());
            rows_->append(loaded_.sets.front()->at(row), 1, transfer::copy);
        }
        return place;
    }
    std::unique_ptr<value_set> finish() && { return std::move(rows_); }

private:
    const flat_column& loaded_;
    std::unique_ptr<value_set> rows_;
    std::vector<std::uint32_t> places_; // index in `rows_`, by the index of the loaded row
};

/// @param copies null if this is the only column, which then takes all rows without copying
void replace_keys(const keys_in_column& keys, const std::vector<std::uint32_t>& loaded_cells, const flat_column& loaded,
                  copied_rows* copies) {
    auto& column = *keys.column;
    const auto first_error = static_cast<std::uint32_t>(column.errors.size());
    column.errors.insert(column.errors.end(), loaded.errors.begin(), loaded.errors.end());
    for_each_value(column, keys.set, [&](cell& c) {
        c = loaded.cells[loaded_cells[c.index]];
        c.set = keys.set;
        if (c.what == cell::kind::error)
            c.index += first_error;
        else if (c.what == cell::kind::value && copies)
            c.index = copies->place_of(c.index);
    });
}

} // namespace

flat_column follow_references(flat_column references, const std::vector<detail::value_binding>& types) {
    flat_column keys;
    for (const auto& type : types)
        keys.sets.push_back(type.key->key->make_set());
    if (!references.sets.empty()) {
        const auto& given = *references.sets.front();
        for_each_value(references, 0, [&](cell& c) {
            const auto& one = *static_cast<const reference*>(given.at(c.index));
            const auto type = std::ranges::find(types, one.type, [](const auto& t) -> const auto& { return t.object->name; });
            const auto set = static_cast<std::uint8_t>(type - types.begin());
            if (type == types.end() || !type->key->append_text(*keys.sets[set], one.key))
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
    const auto& type = *columns.front().key;
    keys = type.key->make_set();
    std::vector<detail::key_place> all;
    for (const auto& column : columns) {
        const auto& set = *column.column->sets[column.set];
        all.reserve(all.size() + set.size());
        for (std::uint32_t i = 0; i < set.size(); ++i)
            all.push_back({set.at(i), static_cast<std::uint32_t>(places.size()), i});
        places.emplace_back(set.size());
    }
    type.sort(all);
    keys->reserve(all.size());
    const void* last = nullptr;
    for (const auto& one : all) {
        if (!last || type.is_less(last, one.key))
            keys->append(one.key, 1, transfer::copy);
        last = one.key;
        places[one.set][one.index] = static_cast<std::uint32_t>(keys->size() - 1);
    }
}

void replace_keys(const std::vector<keys_in_column>& columns, const std::vector<std::vector<std::uint32_t>>& places,
                  flat_column rows) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& keys = columns[i];
        auto& set = keys.column->sets[keys.set];
        if (columns.size() == 1) {
            replace_keys(keys, places[i], rows, nullptr);
            set = std::move(rows.sets.front());
        } else {
            copied_rows copies{keys, rows};
            replace_keys(keys, places[i], rows, &copies);
            set = std::move(copies).finish();
        }
    }
}

void replace_keys(const keys_in_column& keys, cell replacement) {
    for_each_value(*keys.column, keys.set, [&](cell& c) { c = replacement; });
    keys.column->sets[keys.set] = keys.key->row->make_set();
}

} // namespace atrium::graphql
