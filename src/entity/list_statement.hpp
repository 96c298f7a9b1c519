#pragma once

#include "list_terms.hpp"

#include <entity/statements.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::entity {

/// Builds the SQL of one part of a list, so that SQLite reads a range of an index in the order of the list, from the beginning
/// of the page on. Conditions that the index does not cover become columns of the result ("verdicts"), so that the caller can
/// count the rows that do not match, and stop when there are too many. If the index contains the columns of these conditions,
/// the caller first reads keys from the index only, and then the matching rows. Lives on the stack of one read.
class list_statement {
public:
    list_statement(const statements& sql, const list_query& query, const field_set& columns, std::vector<term> terms,
                   std::size_t part);
    list_statement(const list_statement&) = delete;
    list_statement& operator=(const list_statement&) = delete;

    /// A range of the index. A page that begins after a position has two ranges: the rows with the value of the position and a
    /// later id, then the rows with a later value. SQLite cannot read the two as one range that begins at this id.
    enum class range { all, same_value, later_values };
    /// The ranges of the page, in order; empty if the page begins after all rows.
    [[nodiscard]] std::vector<range> ranges() const;

    /// Reads at most `limit` rows of one range, in the order of reading: that of the list or, if `query.is_from_end`, the
    /// reverse. The columns of the result are those that the constructor got, then the verdicts.
    [[nodiscard]] storage::cursor run(storage::snapshot& s, range index_range, std::int64_t limit);

    enum class order_of_parents {
        one_by_one, ///< all rows of one parent, then those of the next
        merged,     ///< the rows of all parents in the order of reading
    };
    /// Like `run`, but for several parents with one statement: reads at most `limit` rows of each range of each parent. The
    /// last column is the parent.
    [[nodiscard]] storage::cursor run_each(storage::snapshot& s, std::span<const std::int64_t> parents,
                                           order_of_parents parent_order, std::int64_t limit);

    /// Whether the index contains the columns of all conditions that it does not cover, and there is at least one such
    /// condition. Then the caller reads the keys first (`run_keys`), and need not read the rows that do not match.
    [[nodiscard]] bool has_keys() const noexcept;

    /// Like `run`, but reads only keys. The columns of the result are the id, the value that the list is ordered by (unless the
    /// rows are ordered by their ids), and then the verdicts.
    [[nodiscard]] storage::cursor run_keys(storage::snapshot& s, range index_range, std::int64_t limit);

    /// Searches the conditions that become verdicts for one that at most `max_rows` rows match, which a statement counts. There
    /// must be an index that finds these rows and has all columns of the list's conditions and order, but this index need not
    /// be in the order of the list. Returns false if there is no such condition.
    [[nodiscard]] bool find_selective_term(storage::snapshot& s, std::int64_t max_rows);

    /// Reads and sorts the keys of the matching rows. The columns of the result are those of `run_keys` without verdicts. Call
    /// it only if `find_selective_term` returned true.
    [[nodiscard]] storage::cursor run_sorted_keys(storage::snapshot& s, std::int64_t max_rows);

    /// The position of a row of `run` or `run_each`, or of a key, in the list.
    [[nodiscard]] position position_of_row(const storage::cursor& row) const;
    [[nodiscard]] position position_of_key(const storage::cursor& key) const;

    /// Reads the rows of a list that is limited by ids or by a unique value. SQLite evaluates all conditions, and there are no
    /// verdicts.
    [[nodiscard]] storage::cursor run_bounded(storage::snapshot& s, std::int64_t limit);

    /// The verdicts of a row: `is_shown` returns whether the row belongs to the list, and `is_before_end` whether it is before
    /// the end of the page.
    [[nodiscard]] bool is_shown(const storage::cursor& row) const {
        return verdict_column_ < 0 || row.integer(verdict_column_) != 0;
    }
    [[nodiscard]] bool is_before_end(const storage::cursor& row) const {
        return end_column_ < 0 || row.integer(end_column_) != 0;
    }
    [[nodiscard]] std::int64_t parent_of(const storage::cursor& row) const;

    /// Whether an index finds exactly the rows of each parent that match all conditions, in the order of the list. Some of
    /// these rows may be invisible.
    [[nodiscard]] bool has_index_for_parents() const noexcept;
    /// Whether the rows of one parent all have the same value in the column of the order.
    [[nodiscard]] bool is_ordered_by_parent() const noexcept { return fixed_term_ && fixed_term_->is_parent; }

private:
    [[nodiscard]] std::string bind(storage::parameter value);
    [[nodiscard]] std::string bind_text(std::string text);

    /// Compares a position with the range of values that the list's order field can have, in ascending order: before all of
    /// them (less), among them (equal), or after them (greater).
    [[nodiscard]] std::strong_ordering compare_with_range(const position& position) const;

    [[nodiscard]] std::string select(bool has_parent);
    [[nodiscard]] std::string select_keys() const;
    [[nodiscard]] std::string verdicts(bool includes_visibility, int column);
    [[nodiscard]] bool has_columns_of_list(const list_index& index) const;
    [[nodiscard]] std::string sql_of(const term& t);
    [[nodiscard]] std::string prefix_range(const term& t);
    [[nodiscard]] std::vector<std::string> all_conditions(const term* excluded_term);
    [[nodiscard]] std::vector<std::string> conditions_of(range index_range);
    void add_id_bound(std::vector<std::string>& all, const std::optional<position>& bound, bool is_begin);
    [[nodiscard]] std::string prefix_bound();
    [[nodiscard]] std::string page_bound(const position& position, bool is_begin);
    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::string order_by(range index_range) const;
    [[nodiscard]] std::string keys_of(range index_range, const std::string& limit);

    const statements& sql_;
    const description& description_;
    const list_query& query_;
    const field_set& columns_;
    std::vector<term> terms_;
    ordering order_;     ///< the order of this part
    std::string column_; ///< the column that the list is ordered by
    std::string id_;
    const term* fixed_term_ = nullptr;     ///< a term that requires one value of `column_`, so all rows have it
    const term* prefix_term_ = nullptr;    ///< a prefix filter on `column_`
    const term* selective_term_ = nullptr; ///< the term that `find_selective_term` has found
    const list_index* index_ = nullptr;    ///< the index to read, if the description lists it
    std::size_t part_;
    bool is_for_parents_ = false;            ///< the statement reads the rows of several parents
    bool is_by_id_ = false;                  ///< the rows are ordered by their ids
    bool is_ascending_ = false;              ///< the direction of reading
    std::optional<position> begin_;          ///< the position after which reading begins
    std::optional<position> end_;            ///< the position before which reading ends
    std::vector<const term*> verdict_terms_; ///< the terms that become verdicts, because the index does not cover them

    // The indexes of columns in the result; -1 if the result does not have the column.
    int verdict_column_ = -1; ///< whether the row matches all conditions that became verdicts
    int end_column_ = -1;     ///< whether the row is before the end of the page
    int parent_column_ = -1;  ///< the id of the parent

    std::vector<storage::parameter> values_; ///< values of the placeholders
    std::deque<std::string> texts_;          ///< texts that some of the values refer to
};

} // namespace atrium::entity
