#include "list_reader.hpp"

#include <algorithm>
#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::snapshot;

/// Finds a term for which a lookup returned several ids. For example, orders may find two users with the same name for a
/// moment, because it receives the renames of users by event.
term* find_several(std::vector<term>& terms) {
    const auto found = std::ranges::find_if(terms, [](const term& t) { return !t.ids.empty(); });
    return found == terms.end() ? nullptr : &*found;
}

/// Makes the ids of the term parents: changes the term to one on a parent and returns the ids, for a statement that reads the
/// rows of each id.
std::vector<std::int64_t> as_parents(term& several) {
    several.is_parent = true;
    auto ids = std::exchange(several.ids, {});
    std::ranges::sort(ids);
    return ids;
}

std::size_t index_in(std::span<const std::int64_t> ascending, std::int64_t value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ascending, value) - ascending.begin());
}

/// Returns the parents whose rows can match every term on `column`, and removes these terms.
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

/// The limits for one parent: all parents share the number of rows that one page may skip. In addition, the list of a parent
/// may sort ten keys for every row that it shows, which costs about as much as showing the row.
list_reader::budget budget_of_parent(std::size_t parents, std::int64_t limit) {
    const auto share = list_query::max_skipped / static_cast<std::int64_t>(parents) + 1;
    return {.skipped = share, .sorted = std::min(list_query::max_sorted, share + 10 * limit)};
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

inline void list_reader::visit_row(const list_statement& statement, const cursor& row, std::size_t part,
                                   const statements::row_visitor& visit) {
    if (!statement.is_before_end(row))
        is_done_ = true;
    else if (statement.is_shown(row))
        is_done_ = !visit(row, part) || ++shown_ == query_.limit;
    else
        skip_rows(1, statement.position_of_row(row));
}

void list_reader::read_part(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    if (find_several(terms)) {
        auto alternatives = terms;
        const auto parents = as_parents(*find_several(alternatives));
        list_statement each{sql_, query_, columns_, std::move(alternatives), part};
        if (each.is_answered_for_parents() && !each.is_ordered_by_parent())
            return read_merged(s, each, parents, part, visit);
    }
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    if (statement.has_few_rows(s, max_.sorted))
        return read_rows_of_keys(s, statement, statement.run_sorted_keys(s, max_.sorted), part, visit);
    for (const auto which : statement.ranges()) {
        if (is_done_)
            return;
        if (statement.has_keys())
            read_rows_of_keys(s, statement, statement.run_keys(s, which, rows_left()), part, visit);
        else
            for (auto row = statement.run(s, which, rows_left()); !is_done_ && row.next();)
                visit_row(statement, row, part, visit);
    }
}

/// Merges the rows of several ids, and stops where the rows that were read for one of the ids end.
void list_reader::read_merged(snapshot& s, list_statement& statement, std::span<const std::int64_t> parents, std::size_t part,
                              const statements::row_visitor& visit) {
    const auto max_rows = rows_left();
    std::vector<std::int64_t> seen(parents.size());
    for (auto row = statement.run_each(s, parents, list_statement::order_of_parents::merged, max_rows);
         !is_done_ && row.next();) {
        visit_row(statement, row, part, visit);
        if (!is_done_ && ++seen[index_in(parents, statement.parent_of(row))] == max_rows) {
            is_done_ = true;
            gave_up_at_ = statement.position_of_row(row);
        }
    }
}

/// Reads rows by their keys, as many at once as the page still needs. Skips an invisible row like a key that does not match.
void list_reader::read_rows_of_keys(snapshot& s, const list_statement& statement, cursor keys, std::size_t part,
                                    const statements::row_visitor& visit) {
    std::vector<std::int64_t> ids;
    for (bool has_more = true; has_more && !is_done_;) {
        ids.clear();
        has_more = next_keys(statement, keys, ids);
        auto missing = static_cast<std::int64_t>(ids.size());
        bool is_full = false;
        for (auto row = sql_.find_rows(s, ids, columns_); !is_full && row.next(); --missing)
            is_full = !visit(row, part) || ++shown_ == query_.limit;
        if (is_full) {
            is_done_ = true;
            gave_up_at_.reset();
        } else if (has_more && missing > 0) {
            skip_rows(missing, statement.position_of_key(keys));
        }
    }
}

/// Appends the ids of matching rows to `ids`, as many as the page still needs. False if there are no more keys or
/// reading has ended.
bool list_reader::next_keys(const list_statement& statement, cursor& keys, std::vector<std::int64_t>& ids) {
    const auto lacking = static_cast<std::size_t>(query_.limit - shown_);
    while (ids.size() < lacking) {
        if (!keys.next())
            return false;
        if (!statement.is_before_end(keys))
            is_done_ = true;
        else if (statement.is_shown(keys))
            ids.push_back(keys.integer(0));
        else
            skip_rows(1, statement.position_of_key(keys));
        if (is_done_)
            return false;
    }
    return true;
}

void list_reader::skip_rows(std::int64_t rows, const position& last) {
    skipped_ += rows;
    if (skipped_ < max_.skipped)
        return;
    is_done_ = true;
    gave_up_at_ = last;
}

/// The max number of rows to read: those still to be shown plus those that may be skipped.
std::int64_t list_reader::rows_left() const noexcept {
    return query_.limit - shown_ + std::max(max_.skipped - skipped_, std::int64_t{1});
}

std::vector<std::optional<position>> list_reader::read_each(snapshot& s, std::string_view column,
                                                            std::span<const std::int64_t> parents,
                                                            const statements::row_visitor& visit) {
    std::vector<std::optional<position>> gave_up(parents.size());
    auto terms = find_terms(s, sql_.description(), query_);
    if (!terms)
        return gave_up;
    const auto passing = passing_parents(parents, *terms, column);
    if (passing.empty())
        return gave_up;
    auto& parent_term = *terms->insert(terms->begin(), {.column = column, .is_parent = true});
    list_statement statement{sql_, query_, columns_, *terms, 0};
    if (!statement.is_answered_for_parents()) {
        const auto max = budget_of_parent(passing.size(), query_.limit);
        for (const auto parent : passing) {
            parent_term.value = parent;
            const auto i = index_in(parents, parent);
            list_reader reader{sql_, query_, columns_, max};
            reader.read_part(s, *terms, 0, [&](const cursor& row, std::size_t) { return visit(row, i); });
            gave_up[i] = std::move(reader.gave_up_at_);
        }
        return gave_up;
    }
    struct progress {
        std::int64_t seen = 0;
        bool is_done = false;
    };
    std::vector<progress> all(parents.size());
    for (auto row = statement.run_each(s, passing, list_statement::order_of_parents::one_by_one, query_.limit); row.next();) {
        const auto i = index_in(parents, statement.parent_of(row));
        auto& parent = all[i];
        parent.is_done = parent.is_done || !statement.is_before_end(row);
        if (parent.is_done)
            continue;
        if (statement.is_shown(row))
            parent.is_done = !visit(row, i);
        if (!parent.is_done && ++parent.seen == query_.limit) {
            parent.is_done = true;
            gave_up[i] = statement.position_of_row(row);
        }
    }
    return gave_up;
}

} // namespace atrium::entity
