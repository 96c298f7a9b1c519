#include "list_reader.hpp"

#include <algorithm>
#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::snapshot;

/// A term that a lookup gave several ids: two users bear one name while their renames cross.
term* find_several(std::vector<term>& terms) {
    const auto found = std::ranges::find_if(terms, [](const term& t) { return !t.ids.empty(); });
    return found == terms.end() ? nullptr : &*found;
}

/// Turns the term into one that a statement answers for each of its ids.
std::vector<std::int64_t> as_parents(term& several) {
    several.is_parent = true;
    auto ids = std::exchange(several.ids, {});
    std::ranges::sort(ids);
    return ids;
}

std::size_t index_in(std::span<const std::int64_t> ascending, std::int64_t value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ascending, value) - ascending.begin());
}

/// Leaves those parents out whose rows cannot pass a term on the same column.
std::vector<std::int64_t> passing_parents(std::span<const std::int64_t> parents, std::vector<term>& terms,
                                          std::string_view column) {
    std::vector<std::int64_t> left{parents.begin(), parents.end()};
    std::erase_if(terms, [&](const term& each) {
        if (each.column != column || each.kind != filter_kind::equal)
            return false;
        std::erase_if(left, [&](std::int64_t parent) {
            return each.ids.empty() ? std::get<std::int64_t>(each.value) != parent
                                    : std::ranges::find(each.ids, parent) == each.ids.end();
        });
        return true;
    });
    return left;
}

} // namespace

std::optional<position> list_reader::read(snapshot& s, const statements::row_visitor& visit) {
    const auto terms = find_terms(s, sql_.description(), query_);
    if (!terms)
        return std::nullopt;
    const bool has_few = query_.ids || has_unique(*terms);
    const std::size_t parts = query_.search ? sql_.description().search()->fields.size() : 1;
    const auto first = query_.after ? query_.after->part : 0;
    const auto end = query_.before ? query_.before->part + 1 : parts;
    for (std::size_t i = first; i < end && !is_done_; ++i) {
        const auto part = query_.is_from_end ? end - 1 - (i - first) : i;
        if (has_few)
            read_few(s, *terms, part, visit);
        else
            read_part(s, *terms, part, visit);
    }
    return gave_up_at_;
}

void list_reader::read_few(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    for (auto row = statement.run_few(s, query_.limit - shown_); !is_done_ && row.next();)
        visit_row(statement, row, part, visit);
}

void list_reader::read_part(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    if (find_several(terms))
        return read_merged(s, std::move(terms), part, visit);
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    for (const auto which : statement.ranges()) {
        const auto most = query_.limit - shown_ + list_query::max_passed_over - passed_over_;
        for (auto row = statement.run(s, which, most); !is_done_ && row.next();)
            visit_row(statement, row, part, visit);
    }
}

/// The rows of several ids, merged: no further than where one of them has not been read any more.
void list_reader::read_merged(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    const auto parents = as_parents(*find_several(terms));
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    const auto most = query_.limit - shown_ + list_query::max_passed_over - passed_over_;
    std::vector<std::int64_t> seen(parents.size());
    for (auto row = statement.run_each(s, parents, list_statement::order_of_parents::merged, most); !is_done_ && row.next();) {
        visit_row(statement, row, part, visit);
        if (!is_done_ && ++seen[index_in(parents, statement.parent_of(row))] == most) {
            is_done_ = true;
            gave_up_at_ = position_of(row, part);
        }
    }
}

void list_reader::visit_row(const list_statement& statement, const cursor& row, std::size_t part,
                            const statements::row_visitor& visit) {
    if (!statement.is_before_end(row)) {
        is_done_ = true;
    } else if (statement.is_shown(row)) {
        is_done_ = !visit(row, part) || ++shown_ == query_.limit;
    } else if (++passed_over_ == list_query::max_passed_over) {
        is_done_ = true;
        gave_up_at_ = position_of(row, part);
    }
}

std::vector<std::optional<position>> list_reader::read_each(snapshot& s, std::string_view column,
                                                            std::span<const std::int64_t> parents,
                                                            const statements::row_visitor& visit) {
    std::vector<std::optional<position>> gave_up(parents.size());
    auto terms = find_terms(s, sql_.description(), query_);
    if (!terms)
        return gave_up;
    const auto passing = passing_parents(parents, *terms, column);
    terms->push_back({.column = column, .is_parent = true});
    list_statement statement{sql_, query_, columns_, *std::move(terms), 0};
    if (passing.empty())
        return gave_up;

    // What one page may pass over is shared by all parents.
    const auto share = list_query::max_passed_over / static_cast<std::int64_t>(passing.size()) + 1;
    const auto most = query_.limit + (statement.has_judged_terms() ? share : 0);
    struct progress {
        std::int64_t seen = 0;
        bool is_done = false;
    };
    std::vector<progress> all(parents.size());
    for (auto row = statement.run_each(s, passing, list_statement::order_of_parents::one_by_one, most); row.next();) {
        const auto i = index_in(parents, statement.parent_of(row));
        auto& parent = all[i];
        parent.is_done = parent.is_done || !statement.is_before_end(row);
        if (parent.is_done)
            continue;
        if (statement.is_shown(row))
            parent.is_done = !visit(row, i);
        if (!parent.is_done && ++parent.seen == most) {
            parent.is_done = true;
            gave_up[i] = position_of(row, 0);
        }
    }
    return gave_up;
}

} // namespace atrium::entity
