#include "columns.hpp"

#include <utility>

namespace atrium::graphql {

using detail::cell;

namespace {

std::uint32_t last_index(std::size_t size) {
    return static_cast<std::uint32_t>(size - 1);
}

} // namespace

cell add_error(flat_column& column, error e) {
    column.errors.push_back(std::move(e));
    return {cell::kind::error, 0, last_index(column.errors.size()), 0};
}

cell cell_of(engine_error t) {
    return {cell::kind::engine_error, 0, static_cast<std::uint32_t>(t), 0};
}

column_builder::column_builder(const value_type& type, transfer how) : type_{type}, transfer_{how} {
    column.sets.reserve(type.contents.size());
    for (const auto* contents : type.contents)
        column.sets.push_back(contents->make_set());
}

void column_builder::reserve(std::size_t values) {
    column.cells.reserve(values);
    if (!type_.list && column.sets.size() == 1)
        column.sets.front()->reserve(values);
}

cell column_builder::flatten(const void* value, const value_type& type) {
    if (type.is_content)
        return add(0, value);
    const auto state = type.state_of(value);
    switch (state.kind) {
    case value_kind::null: break;
    case value_kind::error: return add_error(column, state.error_at(state.address));
    case value_kind::content: return add(state.set, state.address);
    case value_kind::list: return flatten_list(state.address, state.size, *type.list);
    }
    return {};
}

cell column_builder::add(std::uint8_t set, const void* content) {
    auto& values = *column.sets[set];
    values.append(content, 1, transfer_);
    return {cell::kind::value, set, last_index(values.size())};
}

cell column_builder::flatten_list(const void* list, std::size_t size, const list_type& type) {
    const auto count = static_cast<std::uint32_t>(size);
    if (type.items->is_content && type.is_contiguous) {
        auto& set = *column.sets.front();
        const auto first = static_cast<std::uint32_t>(set.size());
        if (first == 0) // only for the first list: to reserve for each list would move all earlier values each time
            set.reserve(size);
        if (size > 0)
            set.append(type.item(list, 0), size, transfer_);
        return {cell::kind::list_of_values, 0, first, count};
    }
    std::vector<cell> cells; // added at the end, because a list inside this one appends its items to `column.items` first
    cells.reserve(size);
    for (std::size_t i = 0; i < size; ++i)
        cells.push_back(flatten(type.item(list, i), *type.items));
    const auto first = static_cast<std::uint32_t>(column.items.size());
    column.items.insert(column.items.end(), cells.begin(), cells.end());
    return {cell::kind::list_of_cells, 0, first, count};
}

flat_column flatten(detail::erased_column column) {
    if (column.type->is_content) {
        flat_column flat{std::move(column.cells), {}, std::move(column.errors), {}};
        flat.sets.push_back(std::move(column.values));
        return flat;
    }
    column_builder builder{*column.type, column.type->is_owned ? transfer::move : transfer::copy};
    builder.column.errors = std::move(column.errors); // these errors must come first, because the cells refer to them by index
    std::vector<cell> values;                         // the cell of each value, to which several cells may refer
    values.reserve(column.values->size());
    for (std::size_t i = 0; i < column.values->size(); ++i)
        values.push_back(builder.flatten(column.values->at(i)));
    for (auto& c : column.cells)
        if (c.content == cell::kind::value)
            c = values[c.index];
    builder.column.cells = std::move(column.cells);
    return std::move(builder.column);
}

} // namespace atrium::graphql
