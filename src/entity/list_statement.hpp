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

/// The SQL of one part of a list, put together so that SQLite reads a range of an index in the order of the list, and nothing
/// before the page. Conditions that the index does not answer are columns of the result: the caller counts the rows that do
/// not pass, and gives up in time. If the index has the columns of these conditions, the caller reads keys from the index
/// alone, and then the rows that pass. Lives on the stack of one read.
class list_statement {
public:
    list_statement(const statements& sql, const list_query& query, const field_set& columns, std::vector<term> terms,
                   std::size_t part);
    list_statement(const list_statement&) = delete;
    list_statement& operator=(const list_statement&) = delete;

    /// A range of the index. A page that begins behind a position has two: the rows with the same value as there and a later
    /// id, then those with a later value. SQLite has no single range for both that starts at the id.
    enum class range { all, same_value, later_values };
    /// Those that hold the page, one after the other; none if the position is behind all rows.
    [[nodiscard]] std::vector<range> ranges() const;

    /// At most `limit` rows of one range, in the order of reading. Columns: those of the query, then the verdicts.
    [[nodiscard]] storage::cursor run(storage::snapshot& s, range which, std::int64_t limit);

    /// The same for each of several parents, by one statement: at most `limit` rows of each range of each, by ascending parent
    /// and in the order of reading, or all in one order. The parent comes behind the verdicts.
    enum class order_of_parents { one_by_one, merged };
    [[nodiscard]] storage::cursor run_each(storage::snapshot& s, std::span<const std::int64_t> parents, order_of_parents how,
                                           std::int64_t limit);

    /// Whether rows that fail a condition can be passed over in the index alone.
    [[nodiscard]] bool has_keys() const noexcept;

    /// The same as `run` without the rows: the id, the value of the order unless that is the id, then the verdicts.
    [[nodiscard]] storage::cursor run_keys(storage::snapshot& s, range which, std::int64_t limit);

    /// Whether an index, which has all columns that the list needs, but not its order, finds at most `max` rows by one of the
    /// conditions. Counts them. False if the index of the order answers all conditions.
    [[nodiscard]] bool has_few_rows(storage::snapshot& s, std::int64_t max);

    /// The keys of these rows that pass, sorted. Columns as in `run_keys`, without verdicts. After `has_few_rows` was true.
    [[nodiscard]] storage::cursor run_sorted_keys(storage::snapshot& s, std::int64_t max);

    /// Where a row of `run` or `run_each`, or a key, stands in the list.
    [[nodiscard]] position position_of_row(const storage::cursor& row) const;
    [[nodiscard]] position position_of_key(const storage::cursor& key) const;

    /// The rows of a list that has few, by given ids or by a unique value: all conditions are judged by SQLite, and there are
    /// no verdicts.
    [[nodiscard]] storage::cursor run_few(storage::snapshot& s, std::int64_t limit);

    /// What the verdicts of a row say: whether it belongs to the list, and whether it lies before the end of the page.
    [[nodiscard]] bool is_shown(const storage::cursor& row) const {
        return verdict_column_ < 0 || row.integer(verdict_column_) != 0;
    }
    [[nodiscard]] bool is_before_end(const storage::cursor& row) const {
        return end_column_ < 0 || row.integer(end_column_) != 0;
    }
    [[nodiscard]] std::int64_t parent_of(const storage::cursor& row) const;

    /// Whether `run_each` reads no row that fails a condition, and sorts none; those that are merely invisible do not count.
    [[nodiscard]] bool is_answered_for_parents() const noexcept;
    /// Whether the rows of one parent all have the same value in the column of the order.
    [[nodiscard]] bool is_ordered_by_parent() const noexcept { return fixed_ && fixed_->is_parent; }

private:
    [[nodiscard]] std::string bind(storage::parameter value);
    [[nodiscard]] std::string bind_text(std::string text);

    /// Where a position stands to the values of the order's field that the list has, in ascending order: before all (less),
    /// among them (equal), or behind them.
    [[nodiscard]] std::strong_ordering compare_with_range(const position& at) const;

    [[nodiscard]] std::string select(bool has_parent);
    [[nodiscard]] std::string select_keys() const;
    [[nodiscard]] std::string verdicts(bool is_visible_judged, int column);
    [[nodiscard]] bool has_columns_of_list(const list_index& index) const;
    [[nodiscard]] std::string sql_of(const term& one);
    [[nodiscard]] std::string prefix_range(const term& one);
    [[nodiscard]] std::vector<std::string> all_conditions(const term* left_out);
    [[nodiscard]] std::vector<std::string> conditions_of(range which);
    void add_id_bound(std::vector<std::string>& all, const std::optional<position>& at, bool is_begin);
    [[nodiscard]] std::string value_bound();
    [[nodiscard]] std::string beyond(const position& at, bool is_begin);
    [[nodiscard]] std::string table() const;
    [[nodiscard]] std::string order_by(range which) const;
    [[nodiscard]] std::string keys_of(range which, const std::string& limit);

    const statements& sql_;
    const description& description_;
    const list_query& query_;
    const field_set& columns_;
    std::vector<term> terms_;
    ordering order_;     ///< of this part
    std::string column_; ///< of the order
    std::string id_;
    const term* fixed_ = nullptr;       ///< gives all rows the same value in the column of the order
    const term* prefix_ = nullptr;      ///< narrows the values of the column of the order
    const term* few_ = nullptr;         ///< finds few rows
    const list_index* index_ = nullptr; ///< that is read, if the description names it
    std::size_t part_;
    bool is_each_ = false;          ///< the statement is one for several parents
    bool is_by_id_ = false;         ///< the rows are in the order of their ids
    bool is_ascending_ = false;     ///< the way of reading
    std::optional<position> begin_; ///< where the page begins, on the side from which it is read
    std::optional<position> end_;   ///< where it ends at the latest
    std::vector<const term*> judged_;
    int verdict_column_ = -1; ///< in the rows; -1 if there is none
    int end_column_ = -1;
    int parent_column_ = -1;
    std::vector<storage::parameter> values_; ///< of the placeholders
    std::deque<std::string> texts_;          ///< what some of them refer to
};

} // namespace atrium::entity
