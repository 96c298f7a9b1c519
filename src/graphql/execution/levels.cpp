#include "levels.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace atrium::graphql {
namespace {

using detail::any_column;
using detail::cell;

constexpr root root_row{};

cell cell_of(trouble t) {
    return {cell::kind::trouble, 0, static_cast<std::uint32_t>(t), 0};
}

any_column column_of_trouble(std::size_t rows, trouble t) {
    any_column column;
    column.cells.assign(rows, cell_of(t));
    return column;
}

/// Puts what a plain resolver tells of one row after the other into a column.
class gatherer final : public detail::plain_resolver::reader {
public:
    explicit gatherer(const detail::value_description& values) {
        for (const auto& type : values.types)
            column_.sets.push_back(type.make_values());
    }

    void read(detail::value_view value) override { column_.cells.push_back(cell_of(value)); }
    void fail(trouble t) { column_.cells.push_back(graphql::cell_of(t)); }
    void forget_after(std::size_t rows) { column_.cells.resize(rows); }
    any_column finish() && { return std::move(column_); }

private:
    cell cell_of(detail::value_view value) {
        const auto seen = value.look();
        switch (seen.kind) {
        case detail::seen_kind::error:
            column_.errors.push_back(value.failure());
            return {cell::kind::error, 0, last_of(column_.errors.size())};
        case detail::seen_kind::value:
            column_.sets[seen.set]->append_copy(seen.at);
            return {cell::kind::value, seen.set, last_of(column_.sets[seen.set]->size())};
        case detail::seen_kind::list: return list_of(value, seen.size);
        default: return {};
        }
    }

    cell list_of(detail::value_view list, std::size_t size) {
        std::vector<cell> cells;
        cells.reserve(size);
        for (std::size_t i = 0; i < size; ++i)
            cells.push_back(cell_of(list.item(i)));
        const auto first = static_cast<std::uint32_t>(column_.items.size());
        column_.items.insert(column_.items.end(), cells.begin(), cells.end());
        return {cell::kind::list_of_cells, 0, first, static_cast<std::uint32_t>(size)};
    }

    static std::uint32_t last_of(std::size_t size) { return static_cast<std::uint32_t>(size - 1); }

    any_column column_;
};

/// The rows that a field's resolver takes: those of the level, or their keys.
struct resolver_rows {
    resolver_rows(const level& l, const field_plan& f) : rows{l.rows, l.size} {
        if (!f.binding->row)
            return;
        keys = f.binding->row->make_keys();
        for (std::size_t i = 0; i < l.size; ++i)
            keys->append_copy(f.binding->row->of(l.row(i)));
        rows = {keys->data(), l.size};
    }

    std::unique_ptr<detail::any_values> keys;
    detail::any_rows rows;
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

awaitable<void> level_resolver::resolve(level& root, const field_plan& only, any_column value) {
    levels next;
    take(root, only, std::move(value));
    co_await load_rows();
    open(root, only, next);
    co_await descend(std::move(next));
}

/// Goes down as long as somebody below is to be waited for.
awaitable<void> level_resolver::descend(levels from) {
    while (!from.empty()) {
        for (auto* l : from)
            for (const auto& field : l->plan->fields)
                if (field.column)
                    co_await resolve_columns(*l, field);
        co_await load_rows();
        levels next;
        for (auto* l : from)
            for (const auto& field : l->plan->fields)
                if (field.column)
                    open(*l, field, next);
        from = std::move(next);
    }
}

awaitable<void> level_resolver::resolve_columns(level& l, const field_plan& f) {
    take(l, f, co_await column_of(l, f));
}

awaitable<any_column> level_resolver::column_of(const level& l, const field_plan& f) {
    if (running_.is_overdue())
        co_return column_of_trouble(l.size, trouble::overdue);
    const auto arguments = running_.arguments_of(f);
    if (!arguments)
        co_return column_of_trouble(l.size, trouble::arguments);
    const selection selected{f.below};
    const detail::field_call call{*arguments, selected, running_.context()};
    if (f.binding->way == detail::field_way::plain)
        co_return gather(l, f, call);
    auto column = co_await ask_batch(l, f, call);
    co_await turn_.give_way();
    co_return column;
}

awaitable<any_column> level_resolver::ask_batch(const level& l, const field_plan& f, const detail::field_call& call) {
    auto failure = trouble::none;
    try {
        const resolver_rows given{l, f};
        auto column = co_await f.binding->batch().resolve(given.rows, call);
        if (column.cells.size() != l.size)
            throw std::logic_error{"a resolver gave " + std::to_string(column.cells.size()) + " cells for " +
                                   std::to_string(l.size) + " rows"};
        co_return column;
    } catch (...) {
        failure = trouble_of_exception(running_.context(), f.coordinate());
    }
    co_return column_of_trouble(l.size, failure);
}

any_column level_resolver::gather(const level& l, const field_plan& f, const detail::field_call& call) const {
    gatherer all{f.binding->resolver->values};
    for (std::size_t i = 0; i < l.size; ++i) {
        try {
            f.binding->plain().resolve(f.binding->row_of(l.row(i)), call, all);
        } catch (...) {
            all.forget_after(i);
            all.fail(trouble_of_exception(running_.context(), f.coordinate()));
        }
    }
    return std::move(all).finish();
}

/// Keeps what a field says; where that is keys, their rows are to be loaded.
void level_resolver::take(level& l, const field_plan& f, any_column column) {
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
        co_await turn_.give_way();
    }
}

awaitable<void> level_resolver::load_rows(const detail::row_key& key, std::vector<keys_in_column> fields) {
    auto failure = running_.is_overdue() ? trouble::overdue : trouble::none;
    if (failure == trouble::none) {
        try {
            std::vector<const detail::any_values*> keys;
            std::vector<const selection_plan*> below;
            for (const auto& field : fields) {
                keys.push_back(field.column->sets[field.set].get());
                below.push_back(field.below);
            }
            const selection selected{below};
            replace_keys(fields, co_await key.load(std::move(keys), selected, running_.context()));
            co_return;
        } catch (...) {
            failure = trouble_of_exception(running_.context(), "the rows of keys");
        }
    }
    for (const auto& field : fields)
        replace_keys(field, cell_of(failure));
}

/// Makes levels of the rows that a field gave.
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
