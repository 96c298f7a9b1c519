#pragma once

#include <entity/list.hpp>
#include <storage/sql.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::entity {

/// A condition of a list as SQL has it: on a column, with the ids that a lookup found.
struct term {
    std::string_view column; ///< "o.user_id"
    filter_kind kind = filter_kind::equal;
    list_value value = std::int64_t{0};
    std::vector<std::int64_t> ids = {}; ///< instead of `value`, if a lookup found several
    bool is_unique = false;             ///< at most one row has this value
    bool is_parent = false;             ///< the value is that of one of several parents
    bool is_negated = false;            ///< rows that do not match pass, and rows whose column is null
    bool is_sought = false;             ///< an index finds the rows; otherwise each row is judged by itself

    [[nodiscard]] bool is_equality() const noexcept { return kind == filter_kind::equal && ids.empty(); }
};

/// The value of a field that lists are ordered by.
[[nodiscard]] list_value list_value_in(const storage::cursor& row, int column, const field_info& field);

/// Refers to the value.
[[nodiscard]] storage::parameter parameter_of(const list_value& value);

/// The conditions of a query; empty if a lookup shows that no row can pass.
[[nodiscard]] std::optional<std::vector<term>> find_terms(storage::snapshot& s, const description& d, const list_query& query);

/// Adds what the search means in one of its parts: rows that an earlier part shows are not shown again.
void add_search_terms(std::vector<term>& terms, const description& d, const list_query& query, std::size_t part);

/// Whether the terms let at most one row pass, whatever else they say.
[[nodiscard]] bool has_unique(const std::vector<term>& terms);

/// Marks the terms that an index answers whose rows are in the order of `order` (a column; of the ids if it is empty). Returns
/// the index if the description names it; null if the list is read by the table or by an index of one column.
[[nodiscard]] const list_index* mark_sought(std::vector<term>& terms, const description& d, std::string_view order);

} // namespace atrium::entity
