#include "levels.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace atrium::graphql {
namespace {

constexpr root root_row{};

flat_column column_of_engine_error(std::size_t rows, engine_error t) {
    flat_column column;
    column.cells.assign(rows, cell_of(t));
    return column;
}

flat_column column_of_error(std::size_t rows, const error& e) {
    flat_column column;
    column.cells.assign(rows, add_error(column, e));
    return column;
}

/// Collects the values of one field, which its resolver returns for one row after the other.
class row_values final : public detail::value_receiver {
public:
    row_values(const value_type& type, std::size_t rows) : builder_{type, transfer::copy} { builder_.reserve(rows); }

    void receive(const void* value) override { builder_.column.cells.push_back(builder_.flatten(value)); }
    void fail(engine_error t) { builder_.column.cells.push_back(cell_of(t)); }
    flat_column finish() && { return std::move(builder_.column); }

private:
    column_builder builder_;
};

/// The input of a field's resolver: the rows of the level, or their keys.
struct resolver_rows {
    resolver_rows(const level& l, const field_plan& f) : rows{l.rows, l.size} {
        if (!f.binding->key)
            return;
        keys = f.binding->key->key_type->make_set();
        keys->reserve(l.size);
        for (std::size_t i = 0; i < l.size; ++i)
            keys->append(f.binding->key->key_of(l.row(i)), 1, transfer::copy);
        rows = {keys->data(), l.size};
    }

    std::unique_ptr<value_set> keys;
    detail::row_span rows;
};

} // namespace

level root_level(const selection_plan& p) {
    return {&p, &root_row, 1, sizeof root_row, std::vector<field_values>(p.columns)};
}

awaitable<void> level_resolver::resolve(level& root) {
    levels roots{&root};
    co_await descend(std::move(roots));
}

awaitable<void> level_resolver::resolve(level& root, const field_plan& f) {
    levels next;
    if (f.column) {
        co_await resolve_columns(root, f);
        co_await load_rows();
        add_levels_below(root, f, next);
    }
    co_await descend(std::move(next));
}

awaitable<void> level_resolver::resolve(level& root, const field_plan& f, flat_column value) {
    levels next;
    store_values(root, f, std::move(value));
    co_await load_rows();
    add_levels_below(root, f, next);
    co_await descend(std::move(next));
}

/// Resolves one level after the other, until no level below has a field to resolve.
awaitable<void> level_resolver::descend(levels current) {
    while (!current.empty()) {
        for (auto* l : current)
            for (const auto& field : l->plan->fields)
                if (field.column)
                    co_await resolve_columns(*l, field);
        co_await load_rows();
        levels next;
        for (auto* l : current)
            for (const auto& field : l->plan->fields)
                if (field.column)
                    add_levels_below(*l, field, next);
        current = std::move(next);
    }
}

awaitable<void> level_resolver::resolve_columns(level& l, const field_plan& f) {
    store_values(l, f, co_await resolve_column(l, f));
}

awaitable<flat_column> level_resolver::resolve_column(const level& l, const field_plan& f) {
    if (const auto cause = operation_.cause_to_stop(); cause != engine_error::none)
        co_return column_of_engine_error(l.size, cause);
    if (const auto allowed = operation_.check_access(f.binding->requirement); !allowed)
        co_return column_of_error(l.size, allowed.error());
    const auto arguments = operation_.arguments_of(f);
    if (!arguments)
        co_return column_of_engine_error(l.size, engine_error::arguments);
    const selection selected{f.below};
    const field_call call{*arguments, selected, operation_.context(), f.key};
    if (!f.binding->waits())
        co_return call_row_resolver(l, f, call);
    auto column = co_await call_batch_resolver(l, f, call);
    co_await yield_.yield_if_due();
    co_return column;
}

awaitable<flat_column> level_resolver::call_batch_resolver(const level& l, const field_plan& f, const field_call& call) {
    auto failure = engine_error::none;
    try {
        const resolver_rows input{l, f};
        auto returned_column = co_await (*f.binding->for_batch())(input.rows, call);
        auto column = flatten(std::move(returned_column));
        if (column.cells.size() != l.size)
            throw std::logic_error{"a resolver returned " + std::to_string(column.cells.size()) + " cells for " +
                                   std::to_string(l.size) + " rows"};
        co_return column;
    } catch (...) {
        failure = classify_exception(operation_.context(), f.coordinate());
    }
    co_return column_of_engine_error(l.size, failure);
}

flat_column level_resolver::call_row_resolver(const level& l, const field_plan& f, const field_call& call) const {
    row_values values{*f.binding->resolver->type, l.size};
    const auto* function = f.binding->for_row();
    for (std::size_t i = 0; i < l.size; ++i) {
        const auto* input = f.binding->input_of(l.row(i));
        try {
            if (function)
                (*function)(input, call, values);
            else
                values.receive(f.binding->member()->of(input));
        } catch (...) {
            values.fail(classify_exception(operation_.context(), f.coordinate()));
        }
    }
    return std::move(values).finish();
}

/// Stores the values of a field, except those that the client may not see. If the values are keys, schedules the loading of
/// their rows.
void level_resolver::store_values(level& l, const field_plan& f, flat_column column) {
    auto& values = l.columns[*f.column].column;
    values = f.binding->returns_references ? follow_references(std::move(column), f.binding->values) : std::move(column);
    for (std::size_t i = 0; i < values.sets.size() && i < f.binding->values.size(); ++i) {
        const auto& binding = f.binding->values[i];
        if (values.sets[i]->size() == 0)
            continue;
        const keys_in_column rows{&values, static_cast<std::uint8_t>(i), binding.key, f.below[i]};
        if (const auto allowed = operation_.check_access(binding.requirement); !allowed)
            replace_keys(rows, add_error(values, allowed.error()));
        else if (binding.key)
            unloaded_keys_.push_back(rows);
    }
}

awaitable<void> level_resolver::load_rows() {
    while (!unloaded_keys_.empty()) {
        const auto& key = *unloaded_keys_.front().row_key;
        const auto others = std::stable_partition(unloaded_keys_.begin(), unloaded_keys_.end(),
                                                  [&](const auto& u) { return u.row_key == &key; });
        std::vector<keys_in_column> columns{unloaded_keys_.begin(), others};
        unloaded_keys_.erase(unloaded_keys_.begin(), others);
        co_await load_rows(key, std::move(columns));
        co_await yield_.yield_if_due();
    }
}

awaitable<void> level_resolver::load_rows(const detail::row_key& key, std::vector<keys_in_column> columns) {
    auto failure = operation_.cause_to_stop();
    if (failure == engine_error::none) {
        try {
            std::vector<const selection_plan*> selections;
            selections.reserve(columns.size());
            for (const auto& column : columns)
                selections.push_back(column.below);
            const selection selected{selections};
            const load_call call{selected, operation_.context()};
            const distinct_keys keys{columns};
            auto loaded_column = co_await key.load(*keys.keys, call);
            auto rows = flatten(std::move(loaded_column));
            if (rows.cells.size() != keys.keys->size())
                throw std::logic_error{"a loader returned " + std::to_string(rows.cells.size()) + " rows for " +
                                       std::to_string(keys.keys->size()) + " keys"};
            replace_keys(columns, keys.indexes, std::move(rows));
            co_return;
        } catch (...) {
            failure = classify_exception(operation_.context(), "loading rows by key");
        }
    }
    for (const auto& column : columns)
        replace_keys(column, cell_of(failure));
}

/// Creates levels for the rows that a field returned. Appends to `next` each new level that has rows and at least one field to
/// resolve, unless the level has a planned error.
void level_resolver::add_levels_below(level& l, const field_plan& f, levels& next) {
    auto& values = l.columns[*f.column];
    values.below.resize(f.below.size());
    for (std::size_t i = 0; i < f.below.size() && i < values.column.sets.size(); ++i) {
        const auto* plan = f.below[i];
        if (!plan)
            continue;
        const auto& rows = *values.column.sets[i];
        values.below[i] = {plan, rows.data(), rows.size(), rows.stride(), std::vector<field_values>(plan->columns)};
        if (plan->columns > 0 && rows.size() > 0 && !plan->error)
            next.push_back(&values.below[i]);
    }
}

} // namespace atrium::graphql
