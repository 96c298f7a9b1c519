#pragma once

#include "list_statement.hpp"

#include <entity/statements.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace atrium::entity {

/// Reads one list, or one list for each of several parents, with a limited number of rows. Lives on the stack of one read.
class list_reader {
public:
    /// How many rows may be skipped or sorted, in addition to the rows that the list shows.
    struct row_limits {
        std::int64_t max_skipped = list_query::max_skipped;
        std::int64_t max_sorted = list_query::max_sorted;
    };

    /// `query.limit` must include one extra row, which shows whether the list has more rows than the page.
    list_reader(const statements& sql, const list_query& query, const field_set& columns, row_limits limits)
        : sql_{sql}, query_{query}, columns_{columns}, limits_{limits} {}

    /// See `statements::list` and `statements::list_each`.
    std::optional<position> read(storage::snapshot& s, const statements::row_visitor& visit);
    std::vector<std::optional<position>> read_each(storage::snapshot& s, std::string_view column,
                                                   std::span<const std::int64_t> parents, const statements::row_visitor& visit);

private:
    void read_bounded(storage::snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit);
    void read_part(storage::snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit);
    void read_merged(storage::snapshot& s, list_statement& statement, std::span<const std::int64_t> parents, std::size_t part,
                     const statements::row_visitor& visit);
    void read_rows_of_keys(storage::snapshot& s, const list_statement& statement, storage::cursor keys, std::size_t part,
                           const statements::row_visitor& visit);
    [[nodiscard]] bool find_next_keys(const list_statement& statement, storage::cursor& keys, std::vector<std::int64_t>& ids);
    void visit_row(const list_statement& statement, const storage::cursor& row, std::size_t part,
                   const statements::row_visitor& visit);
    void skip_rows(std::int64_t rows, const position& last);
    [[nodiscard]] std::int64_t max_rows_to_read() const noexcept;

    const statements& sql_;
    const list_query& query_;
    const field_set& columns_;
    const row_limits limits_;
    std::int64_t shown_count_ = 0;
    std::int64_t skipped_count_ = 0;
    bool is_done_ = false;
    std::optional<position> stop_position_; ///< set if reading stopped early; the list continues after it
};

} // namespace atrium::entity
