#pragma once

#include "columns.hpp"
#include "key_loading.hpp"
#include "operation_state.hpp"
#include "plan.hpp"

#include <base/awaitable.hpp>
#include <base/cooperative_yield.hpp>

#include <cstddef>
#include <vector>

/// Before a response is written, finds the values of all fields that need a column (field_plan::column). This is done level by
/// level: all rows of a level are resolved together.
namespace atrium::graphql {

struct level;

/// The values of one field for all rows of its level.
struct field_values {
    flat_column column{};
    std::vector<level> below; ///< the levels for the rows in `column`: one for each entry of `field_binding::values`
};

/// Rows of one object type that one field has returned, and the values of their selected fields.
struct level {
    const selection_plan* plan = nullptr;
    const void* rows = nullptr;
    std::size_t size = 0;
    std::size_t stride = 0;              ///< bytes from one row to the next
    std::vector<field_values> columns{}; ///< indexed by field_plan::column

    [[nodiscard]] const void* row(std::size_t i) const { return static_cast<const std::byte*>(rows) + i * stride; }
};

/// The level with the single row of a root type.
[[nodiscard]] level root_level(const selection_plan& p);

/// Resolves those fields of the root, and of all levels below, that need a column (field_plan::column). On each level it first
/// resolves the fields one after the other, then loads the rows of all keys that they have returned, with one call for each
/// type of key. The only exception that it throws is operation_aborted.
class level_resolver {
public:
    explicit level_resolver(operation_state& r) : operation_{r} {}

    /// Resolves all fields of the root that need a column, and the levels below them.
    awaitable<void> resolve(level& root);
    /// If this field of the root needs a column, resolves it and the levels below it.
    awaitable<void> resolve(level& root, const field_plan& f);
    /// Like the function above, for the root field of a subscription, whose value is already known.
    awaitable<void> resolve(level& root, const field_plan& f, flat_column value);

    /// Yields to other coroutines if this coroutine has computed for a long time.
    awaitable<void> yield_if_due() { return yield_.yield_if_due(); }

private:
    using levels = std::vector<level*>;

    awaitable<void> resolve_columns(level& l, const field_plan& f);
    awaitable<flat_column> resolve_column(const level& l, const field_plan& f);
    awaitable<flat_column> call_batch_resolver(const level& l, const field_plan& f, const field_call& call);
    [[nodiscard]] flat_column call_row_resolver(const level& l, const field_plan& f, const field_call& call) const;

    void store_values(level& l, const field_plan& f, flat_column column);
    awaitable<void> load_rows();
    awaitable<void> load_rows(const detail::row_key& key, std::vector<keys_in_column> columns);
    awaitable<void> descend(levels current);
    void add_levels_below(level& l, const field_plan& f, levels& next);

    operation_state& operation_;
    std::vector<keys_in_column> unloaded_keys_; // the keys of the current level whose rows are not loaded yet
    cooperative_yield yield_;
};

} // namespace atrium::graphql
