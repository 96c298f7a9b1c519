#pragma once

#include <entity/statements.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::entity {

/// The statement that reads one part of a list: put together from the filters, the order and the position that a query has,
/// so that SQLite finds an index for exactly these. Lives on the stack of one read.
class list_statement {
public:
    list_statement(const statements& sql, const list_query& query, std::size_t part);

    /// The rows, in the order of reading. Empty results of a lookup give no cursor at all.
    /// @param columns those that are selected
    [[nodiscard]] std::optional<storage::cursor> run(storage::snapshot& s, const field_set& columns, std::int64_t limit);

    /// The rows of one such list for each of the values of a column: by ascending value, then in the order of reading.
    [[nodiscard]] std::optional<storage::cursor> run_each(storage::snapshot& s, const field_set& columns, std::int64_t limit,
                                                          std::string_view column, std::span<const std::int64_t> values);

private:
    [[nodiscard]] std::string bind(storage::parameter value);
    [[nodiscard]] std::string bind_text(std::string text);
    void add(std::string_view condition);
    [[nodiscard]] std::string prefix_range(std::string_view column, const std::string& text);
    void add_prefix(std::string_view column, const std::string& text);
    void add_no_prefix(std::string_view column, const std::string& text);
    void add_search();
    [[nodiscard]] bool add_conditions(storage::snapshot& s);
    [[nodiscard]] bool add_lookup(storage::snapshot& s, const lookup& by, const list_value& value);
    void add_position(const std::optional<position>& at, bool is_after);
    [[nodiscard]] std::string source();
    [[nodiscard]] std::string order_by() const;

    const statements& sql_;
    const description& description_;
    const list_query& query_;
    std::size_t part_;
    ordering order_; ///< of this part
    bool is_by_id_;
    std::string column_; ///< of the order
    std::string id_;
    std::string where_;
    std::vector<storage::parameter> values_; ///< of the placeholders
    std::deque<std::string> texts_;          ///< what some of them refer to
};

} // namespace atrium::entity
