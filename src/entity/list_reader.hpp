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

/// Reads one list, or one of each of several parents, and stops in time. Lives on the stack of one read.
class list_reader {
public:
    /// `query.limit` includes the row that shows whether there are more.
    list_reader(const statements& sql, const list_query& query, const field_set& columns)
        : sql_{sql}, query_{query}, columns_{columns} {}

    /// See `statements::list` and `statements::list_each`.
    std::optional<position> read(storage::snapshot& s, const statements::row_visitor& visit);
    std::vector<std::optional<position>> read_each(storage::snapshot& s, std::string_view column,
                                                   std::span<const std::int64_t> parents, const statements::row_visitor& visit);

private:
    void read_few(storage::snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit);
    void read_part(storage::snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit);
    void read_merged(storage::snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit);
    void visit_row(const list_statement& statement, const storage::cursor& row, std::size_t part,
                   const statements::row_visitor& visit);
    [[nodiscard]] position position_of(const storage::cursor& row, std::size_t part) const {
        return sql_.position_of(query_, columns_, row, part);
    }

    const statements& sql_;
    const list_query& query_;
    const field_set& columns_;
    std::int64_t shown_ = 0;
    std::int64_t passed_over_ = 0;
    bool is_done_ = false;
    std::optional<position> gave_up_at_;
};

} // namespace atrium::entity
