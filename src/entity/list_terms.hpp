#pragma once

#include <entity/list.hpp>
#include <storage/sql.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::entity {

/// A condition of a list in the form that SQL needs. It names a column instead of a field. If the field has a lookup, the ids
/// that the lookup has returned replace the value of the condition.
struct term {
    std::string_view column; ///< "o.user_id"
    filter_kind kind = filter_kind::equal;
    list_value value = std::int64_t{0};
    std::vector<std::int64_t> ids = {}; ///< used instead of `value` if a lookup returned several ids
    bool is_unique = false;             ///< at most one row has this value
    bool is_parent = false;             ///< the value is the id of one of several parents
    /// The condition is reversed: the term matches the rows that do not meet it, including rows whose column is null.
    bool is_negated = false;
    bool is_covered = false; ///< an index finds the matching rows; otherwise the term is checked for each row

    [[nodiscard]] bool is_equality() const noexcept { return kind == filter_kind::equal && ids.empty(); }
};

/// Reads the value of a field that lists can be ordered by.
[[nodiscard]] list_value list_value_in(const storage::cursor& row, int column, const field_info& field);

/// The value as a parameter of a statement. The parameter refers to `value`, which must therefore outlive it.
[[nodiscard]] storage::parameter parameter_of(const list_value& value);

/// The conditions of a query; empty if a lookup shows that no row can match.
[[nodiscard]] std::optional<std::vector<term>> find_terms(storage::snapshot& s, const description& d, const list_query& query);

/// Adds the terms of one part of a search, which exclude the rows that earlier parts show. Adds nothing if the query has no
/// search.
void add_search_terms(std::vector<term>& terms, const description& d, const list_query& query, std::size_t part);

/// Whether at most one row can match, because a term requires a unique value.
[[nodiscard]] bool has_unique(const std::vector<term>& terms);

/// Chooses an index whose rows are ordered by the column `order` (by the ids if `order` is empty), and marks the terms that the
/// index covers. Returns the index if the description lists it; null if the list is read from the table or by a single-column
/// index.
[[nodiscard]] const list_index* mark_covered(std::vector<term>& terms, const description& d, std::string_view order);

} // namespace atrium::entity
