#include "list_reader.hpp"

#include <algorithm>
#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::snapshot;

/// Finds a term for which a lookup returned several ids; null if there is none. For example, the orders module may find two
/// users with the same name for a short time, because it learns about renames from events.
term* find_term_with_several_ids(std::vector<term>& terms) {
    const auto found = std::ranges::find_if(terms, [](const term& t) { return !t.ids.empty(); });
    return found == terms.end() ? nullptr : &*found;
}

/// Turns a term with several ids into a term for the id of a parent, and returns the ids in ascending order. A statement can
/// then read the rows of each id, as it reads those of each parent.
std::vector<std::int64_t> take_ids_as_parents(term& t) {
    t.is_parent = true;
    auto ids = std::exchange(t.ids, {});
    std::ranges::sort(ids);
    return ids;
}

std::size_t index_in(std::span<const std::int64_t> ascending, std::int64_t value) {
    return static_cast<std::size_t>(std::ranges::lower_bound(ascending, value) - ascending.begin());
}

/// Returns the parents whose rows can match every term that requires a value of `column`, and removes these terms.
std::vector<std::int64_t> find_matching_parents(std::span<const std::int64_t> parents, std::vector<term>& terms,
                                                std::string_view column) {
    std::vector<std::int64_t> remaining_parents{parents.begin(), parents.end()};
    std::erase_if(terms, [&](const term& t) {
        if (t.column != column || t.kind != filter_kind::equal)
            return false;
        std::erase_if(remaining_parents, [&](std::int64_t parent) {
            return t.ids.empty() ? std::get<std::int64_t>(t.value) != parent : std::ranges::find(t.ids, parent) == t.ids.end();
        });
        return true;
    });
    return remaining_parents;
}

/// The limits for one parent. All parents share the number of rows that one page may skip. In addition to its share, the list
/// of a parent may sort ten keys for every row that it shows, because this costs only about as much as showing the row.
list_reader::row_limits limits_of_parent(std::size_t parent_count, std::int64_t limit) {
    const auto share = list_query::max_skipped / static_cast<std::int64_t>(parent_count) + 1;
    return {.max_skipped = share, .max_sorted = std::min(list_query::max_sorted, share + 10 * limit)};
}

} // namespace

std::optional<position> list_reader::read(snapshot& s, const statements::row_visitor& visit) {
    const auto terms = find_terms(s, sql_.description(), query_);
    if (!terms)
        return std::nullopt;
    const bool is_bounded = query_.ids || has_unique(*terms);
    const std::size_t parts = query_.search ? sql_.description().search()->fields.size() : 1;
    const auto first = query_.after ? query_.after->part : 0;
    const auto end = query_.before ? query_.before->part + 1 : parts;
    for (std::size_t i = first; i < end && !is_done_; ++i) {
        const auto part = query_.is_from_end ? end - 1 - (i - first) : i;
        if (is_bounded)
            read_bounded(s, *terms, part, visit);
        else
            read_part(s, *terms, part, visit);
    }
    return stop_position_;
}

void list_reader::read_bounded(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    for (auto row = statement.run_bounded(s, query_.limit - shown_count_); !is_done_ && row.next();)
        visit_row(statement, row, part, visit);
}

inline void list_reader::visit_row(const list_statement& statement, const cursor& row, std::size_t part,
                                   const statements::row_visitor& visit) {
    if (!statement.is_before_end(row))
        is_done_ = true;
    else if (statement.is_shown(row))
        is_done_ = !visit(row, part) || ++shown_count_ == query_.limit;
    else
        skip_rows(1, statement.position_of_row(row));
}

void list_reader::read_part(snapshot& s, std::vector<term> terms, std::size_t part, const statements::row_visitor& visit) {
    if (find_term_with_several_ids(terms)) {
        auto alternatives = terms;
        const auto parents = take_ids_as_parents(*find_term_with_several_ids(alternatives));
        list_statement parents_statement{sql_, query_, columns_, std::move(alternatives), part};
        if (parents_statement.has_index_for_parents() && !parents_statement.is_ordered_by_parent())
            return read_merged(s, parents_statement, parents, part, visit);
    }
    list_statement statement{sql_, query_, columns_, std::move(terms), part};
    if (statement.find_selective_term(s, limits_.max_sorted))
        return read_rows_of_keys(s, statement, statement.run_sorted_keys(s, limits_.max_sorted), part, visit);
    for (const auto range : statement.ranges()) {
        if (is_done_)
            return;
        if (statement.has_keys())
            read_rows_of_keys(s, statement, statement.run_keys(s, range, max_rows_to_read()), part, visit);
        else
            for (auto row = statement.run(s, range, max_rows_to_read()); !is_done_ && row.next();)
                visit_row(statement, row, part, visit);
    }
}

/// Merges the rows of several ids that a lookup has returned (see `take_ids_as_parents`). The statement reads at most
/// `max_rows` rows for each id. Once `max_rows` rows of one id have been merged, it is unknown whether and where that id has
/// further rows, so reading stops.
void list_reader::read_merged(snapshot& s, list_statement& statement, std::span<const std::int64_t> parents, std::size_t part,
                              const statements::row_visitor& visit) {
    const auto max_rows = max_rows_to_read();
    std::vector<std::int64_t> row_counts(parents.size());
    for (auto row = statement.run_each(s, parents, list_statement::order_of_parents::merged, max_rows);
         !is_done_ && row.next();) {
        visit_row(statement, row, part, visit);
        if (!is_done_ && ++row_counts[index_in(parents, statement.parent_of(row))] == max_rows) {
            is_done_ = true;
            stop_position_ = statement.position_of_row(row);
        }
    }
}

/// Reads rows by their keys. Each statement reads as many rows as the page still needs. Invisible rows and keys that do not
/// match count as skipped.
void list_reader::read_rows_of_keys(snapshot& s, const list_statement& statement, cursor keys, std::size_t part,
                                    const statements::row_visitor& visit) {
    std::vector<std::int64_t> ids;
    for (bool has_more = true; has_more && !is_done_;) {
        ids.clear();
        has_more = find_next_keys(statement, keys, ids);
        auto invisible_count = static_cast<std::int64_t>(ids.size());
        bool is_full = false;
        for (auto row = sql_.find_rows(s, ids, columns_); !is_full && row.next(); --invisible_count)
            is_full = !visit(row, part) || ++shown_count_ == query_.limit;
        if (is_full) {
            is_done_ = true;
            stop_position_.reset();
        } else if (has_more && invisible_count > 0) {
            skip_rows(invisible_count, statement.position_of_key(keys));
        }
    }
}

/// Appends the ids of matching rows to `ids`, as many as the page still needs. Returns false if there are no more keys, or if
/// the page has ended.
bool list_reader::find_next_keys(const list_statement& statement, cursor& keys, std::vector<std::int64_t>& ids) {
    const auto needed_count = static_cast<std::size_t>(query_.limit - shown_count_);
    while (ids.size() < needed_count) {
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

/// Counts rows that are not shown. Ends the page after `last`, the last of them, if the page may not skip more rows.
void list_reader::skip_rows(std::int64_t rows, const position& last) {
    skipped_count_ += rows;
    if (skipped_count_ < limits_.max_skipped)
        return;
    is_done_ = true;
    stop_position_ = last;
}

/// The max number of rows to read: those still to be shown plus those that may be skipped.
std::int64_t list_reader::max_rows_to_read() const noexcept {
    return query_.limit - shown_count_ + std::max(limits_.max_skipped - skipped_count_, std::int64_t{1});
}

std::vector<std::optional<position>> list_reader::read_each(snapshot& s, std::string_view column,
                                                            std::span<const std::int64_t> parents,
                                                            const statements::row_visitor& visit) {
    std::vector<std::optional<position>> stop_positions(parents.size());
    auto terms = find_terms(s, sql_.description(), query_);
    if (!terms)
        return stop_positions;
    const auto matching_parents = find_matching_parents(parents, *terms, column);
    if (matching_parents.empty())
        return stop_positions;
    auto& parent_term = *terms->insert(terms->begin(), {.column = column, .is_parent = true});
    list_statement statement{sql_, query_, columns_, *terms, 0};
    if (!statement.has_index_for_parents()) {
        const auto limits = limits_of_parent(matching_parents.size(), query_.limit);
        for (const auto parent : matching_parents) {
            parent_term.value = parent;
            const auto i = index_in(parents, parent);
            list_reader reader{sql_, query_, columns_, limits};
            reader.read_part(s, *terms, 0, [&](const cursor& row, std::size_t) { return visit(row, i); });
            stop_positions[i] = std::move(reader.stop_position_);
        }
        return stop_positions;
    }
    struct progress {
        std::int64_t row_count = 0;
        bool is_done = false;
    };
    std::vector<progress> states(parents.size());
    for (auto row = statement.run_each(s, matching_parents, list_statement::order_of_parents::one_by_one, query_.limit);
         row.next();) {
        const auto i = index_in(parents, statement.parent_of(row));
        auto& state = states[i];
        state.is_done = state.is_done || !statement.is_before_end(row);
        if (state.is_done)
            continue;
        if (statement.is_shown(row))
            state.is_done = !visit(row, i);
        if (!state.is_done && ++state.row_count == query_.limit) {
            state.is_done = true;
            stop_positions[i] = statement.position_of_row(row);
        }
    }
    return stop_positions;
}

} // namespace atrium::entity
