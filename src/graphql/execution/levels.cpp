#include "levels.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace atrium::graphql {
namespace {

using detail::cell;

constexpr root root_row{};

flat_column column_of_engine_error(std::size_t rows, engine_error t) {
    flat_column column;
    column.cells.assign(rows, cell_of(t));
    return column;
}

/// Flattens the values of rows, one after the other.
class row_values final : public detail::value_receiver {
public:
    row_values(const value_type& type, std::size_t rows) : builder_{type, transfer::copy} { builder_.reserve(rows); }

    void receive(const void* value) override { builder_.column.cells.push_back(builder_.flatten(value)); }
    void fail(engine_error t) { builder_.column.cells.push_back(cell_of(t)); }
    flat_column finish() && { return std::move(builder_.column); }

private:
    column_builder builder_;
};

/// What a field's resolver takes: the rows of the level, or their keys.
struct resolver_rows {
    resolver_rows(const level& l, const field_plan& f) : rows{l.rows, l.size} {
        if (!f.binding->row)
            return;
        keys = f.binding->row->key->make_set();
        keys->reserve(l.size);
        for (std::size_t i = 0; i < l.size; ++i)
            keys->append(f.binding->row->of(l.row(i)), 1, transfer::copy);
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
    levels first{&root};
    co_await descend(std::move(first));
}

awaitable<void> level_resolver::resolve(level& root, const field_plan& only) {
    levels next;
    if (only.column) {
        co_await resolve_columns(root, only);
        co_await load_rows();
        open(root, only, next);
    }
    co_await descend(std::move(next));
}

awaitable<void> level_resolver::resolve(level& root, const field_plan& only, flat_column value) {
    levels next;
    take(root, only, std::move(value));
    co_await load_rows();
    open(root, only, next);
    co_await descend(std::move(next));
}

/// Resolves one level after the other until no field below needs a column.
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
                    open(*l, field, next);
        current = std::move(next);
    }
}

awaitable<void> level_resolver::resolve_columns(level& l, const field_plan& f) {
    take(l, f, co_await column_of(l, f));
}

awaitable<flat_column> level_resolver::column_of(const level& l, const field_plan& f) {
    if (const auto cause = operation_.cause_to_stop(); cause != engine_error::none)
        co_return column_of_engine_error(l.size, cause);
    const auto arguments = operation_.arguments_of(f);
    if (!arguments)
        co_return column_of_engine_error(l.size, engine_error::arguments);
    const selection selected{f.below};
    const field_call call{*arguments, selected, operation_.context(), f.key};
    if (!f.binding->waits())
        co_return call_row_resolver(l, f, call);
    auto column = co_await call_batch_resolver(l, f, call);
    co_await turn_.yield_if_due();
    co_return column;
}

awaitable<flat_column> level_resolver::call_batch_resolver(const level& l, const field_plan& f, const field_call& call) {
    auto failure = engine_error::none;
    try {
        const resolver_rows given{l, f};
        auto erased = co_await (*f.binding->for_batch())(given.rows, call);
        auto column = flatten(std::move(erased));
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
    row_values all{*f.binding->resolver->type, l.size};
    const auto* function = f.binding->for_row();
    for (std::size_t i = 0; i < l.size; ++i) {
        const auto* row = f.binding->row_of(l.row(i));
        try {
            if (function)
                (*function)(row, call, all);
            else
                all.receive(f.binding->member()->of(row));
        } catch (...) {
            all.fail(classify_exception(operation_.context(), f.coordinate()));
        }
    }
    return std::move(all).finish();
}

/// Stores the values of a field. If they are keys, schedules the loading of their rows.
void level_resolver::take(level& l, const field_plan& f, flat_column column) {
    auto& values = l.columns[*f.column].column;
    values = f.binding->gives_references ? follow_references(std::move(column), f.binding->values) : std::move(column);
    for (std::size_t set = 0; set < values.sets.size() && set < f.binding->values.size(); ++set)
        if (f.binding->values[set].key && values.sets[set]->size() > 0)
            unloaded_.push_back({&values, static_cast<std::uint8_t>(set), f.binding->values[set].key, f.below[set]});
}

awaitable<void> level_resolver::load_rows() {
    while (!unloaded_.empty()) {
        const auto& key = *unloaded_.front().key;
        const auto others =
            std::stable_partition(unloaded_.begin(), unloaded_.end(), [&](const auto& u) { return u.key == &key; });
        std::vector<keys_in_column> same{unloaded_.begin(), others};
        unloaded_.erase(unloaded_.begin(), others);
        co_await load_rows(key, std::move(same));
        co_await turn_.yield_if_due();
    }
}

awaitable<void> level_resolver::load_rows(const detail::row_key& key, std::vector<keys_in_column> fields) {
    auto failure = operation_.cause_to_stop();
    if (failure == engine_error::none) {
        try {
            std::vector<const selection_plan*> below;
            for (const auto& field : fields)
                below.push_back(field.below);
            const selection selected{below};
            const load_call call{selected, operation_.context()};
            const distinct_keys keys{fields};
            auto loaded = co_await key.load(*keys.keys, call);
            auto rows = flatten(std::move(loaded));
            if (rows.cells.size() != keys.keys->size())
                throw std::logic_error{"a loader returned " + std::to_string(rows.cells.size()) + " rows for " +
                                       std::to_string(keys.keys->size()) + " keys"};
            replace_keys(fields, keys.places, std::move(rows));
            co_return;
        } catch (...) {
            failure = classify_exception(operation_.context(), "loading rows by key");
        }
    }
    for (const auto& field : fields)
        replace_keys(field, cell_of(failure));
}

/// Creates levels for the rows that a field returned.
void level_resolver::open(level& l, const field_plan& f, levels& next) {
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
