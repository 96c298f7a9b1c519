#pragma once

#include "columns.hpp"
#include "key_loading.hpp"
#include "plan.hpp"
#include "running.hpp"

#include <base/awaitable.hpp>
#include <base/turn.hpp>

#include <cstddef>
#include <vector>

/// The values that must be there before a response is written, found level by level: all rows of a level at once.
namespace atrium::graphql {

struct level;

/// What one field says to all rows of its level.
struct field_values {
    flat_column column{};
    std::vector<level> below; ///< by the binding's values: the rows among `column`'s values
};

/// Rows of one object type that came out of one field, and what the fields below say to them.
struct level {
    const selection_plan* plan = nullptr;
    const void* rows = nullptr;
    std::size_t size = 0;
    std::size_t stride = 0;
    std::vector<field_values> columns{}; ///< by field_plan::column

    [[nodiscard]] const void* row(std::size_t i) const { return static_cast<const std::byte*>(rows) + i * stride; }
};

/// The one row of a root type.
[[nodiscard]] level root_level(const selection_plan& p);

/// Resolves fields of the root, and all below them. At each depth: first the fields one after the other, then the rows of all
/// keys that they gave, each kind of keys in one call. Ends with operation_aborted, and no other exception.
class level_resolver {
public:
    explicit level_resolver(running& r) : running_{r} {}

    awaitable<void> resolve(level& root);
    awaitable<void> resolve(level& root, const field_plan& only);
    /// The root field of a subscription has its value already.
    awaitable<void> resolve(level& root, const field_plan& only, flat_column value);

    /// Lets others run if resolving, and what its caller did since, has taken long: see `turn`.
    awaitable<void> give_way() { return turn_.give_way(); }

private:
    using levels = std::vector<level*>;

    awaitable<void> resolve_columns(level& l, const field_plan& f);
    awaitable<flat_column> column_of(const level& l, const field_plan& f);
    awaitable<flat_column> ask_batch(const level& l, const field_plan& f, const field_call& call);
    [[nodiscard]] flat_column look_at_rows(const level& l, const field_plan& f, const field_call& call) const;

    void take(level& l, const field_plan& f, flat_column column);
    awaitable<void> load_rows();
    awaitable<void> load_rows(const detail::row_key& key, std::vector<keys_in_column> fields);
    awaitable<void> descend(levels from);
    void open(level& l, const field_plan& f, levels& next);

    running& running_;
    std::vector<keys_in_column> unloaded_; // of the level at hand
    turn turn_;
};

} // namespace atrium::graphql
