#pragma once

#include <host/slice.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <vector>

/// Pages of rows that go from the database straight into a response, one by one, by ascending id.
namespace atrium::host {

/// Which rows of a list: what passes its filters is each list's own.
template <class Id>
struct page_query {
    std::optional<std::vector<Id>> ids = {}; ///< of these alone; ascending, each once
    host::slice slice = {};                  ///< from its start
};

/// Takes rows as they are read.
template <class Row>
class row_visitor {
public:
    /// The list begins, perhaps not for the first time: what came before is void.
    virtual void restart() = 0;
    /// The row is valid during the call.
    virtual void visit(const Row& row) = 0;

protected:
    ~row_visitor() = default;
};

/// Hands rows, which have an `id`, to a visitor until the page is full. One row more must be offered: by that it knows that
/// there is a next page (`slice::with_one_more`).
template <class Row>
class page {
public:
    /// `visitor` outlives it.
    page(std::int64_t limit, row_visitor<Row>& visitor) : left_{limit}, visitor_{visitor} { visitor.restart(); }

    /// False where the page was full before; nothing more is needed then.
    bool take(const Row& row) {
        if (left_ == 0) {
            has_next_ = true;
            return false;
        }
        --left_;
        last_ = row.id;
        visitor_.visit(row);
        return true;
    }

    /// @param row_of gives the Row where a cursor stands
    template <class F>
    void take_all(storage::cursor rows, F row_of) {
        while (rows.next() && take(row_of(rows))) {
        }
    }

    /// The id behind which the next page begins; empty where there is none.
    [[nodiscard]] auto next() const { return has_next_ ? std::optional{last_} : std::nullopt; }

private:
    std::int64_t left_;
    bool has_next_ = false;
    decltype(Row::id) last_ = {};
    row_visitor<Row>& visitor_;
};

} // namespace atrium::host
