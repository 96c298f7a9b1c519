#pragma once

#include <host/slice.hpp>
#include <storage/select_list.hpp>

#include <cstddef>
#include <string>

namespace atrium::host {

/// The SELECT of slices of a table: for either end, and for as many columns as are read.
///
///     const slice_select in_slice{columns, [](const std::string& direction) {
///         return " FROM users_account AS a WHERE a.id > ?1 AND a.id < ?2 ORDER BY a.id " + direction + " LIMIT ?3"; }};
///     for (auto rows = in_slice.rows(s, wanted, {.email = false}); rows.next();)
///         visit(columns.read(rows, {.email = false}));
///
/// @tparam Columns which columns are read; equality tells whether it is all of them, Columns{}
template <class Row, class Columns>
class slice_select {
public:
    /// @param columns live as long as this
    /// @param rest gives what follows them, for "ASC" or "DESC": ids above ?1 and below ?2, at most ?3 rows
    template <class F>
    slice_select(const storage::select_list<Row, Columns>& columns, F rest)
        : columns_{columns}, from_start_{columns.select()}, from_end_{from_start_}, rest_begin_{from_start_.size()} {
        from_start_ += rest("ASC");
        from_end_ += rest("DESC");
    }

    /// In the order of reading: `slice::from_end` reads backwards. `filter` is bound from ?4 on. For all columns no text is put
    /// together.
    template <class... A>
    [[nodiscard]] storage::cursor rows(storage::snapshot& s, const slice& wanted, const Columns& read,
                                       const A&... filter) const {
        const auto& with_all = wanted.from_end ? from_end_ : from_start_;
        if (read == Columns{})
            return s.query(with_all, wanted.after, wanted.before, wanted.limit, filter...);
        return s.query(columns_.select(read).append(with_all, rest_begin_), wanted.after, wanted.before, wanted.limit,
                       filter...);
    }

private:
    const storage::select_list<Row, Columns>& columns_;
    std::string from_start_; ///< with all columns
    std::string from_end_;
    std::size_t rest_begin_;
};

} // namespace atrium::host
