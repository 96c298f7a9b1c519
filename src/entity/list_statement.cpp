#include "list_statement.hpp"

#include "sql_text.hpp"

#include <base/text.hpp>

#include <algorithm>
#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::parameter;
using storage::snapshot;

/// Returns a text that is not less than any text with this prefix, in the collations BINARY and NOCASE: the prefix, followed by
/// the last code point as often as a text can have characters. This works because UTF-8 sorts by bytes in the order of code
/// points.
std::string end_of_prefix_range(std::string prefix) {
    constexpr std::size_t max_text_length = 254; // code points; email addresses are the longest texts with a prefix filter
    for (std::size_t i = 0; i < max_text_length; ++i)
        prefix += "\U0010FFFF";
    return prefix;
}

/// Compares texts like the collation NOCASE, even if the column has another collation. This makes a difference only if the
/// cursor comes from a list with other filters: in a cursor of this list, the value is equal to that of the filter in any
/// collation.
std::strong_ordering compare(const list_value& a, const list_value& b) {
    if (const auto* number = std::get_if<std::int64_t>(&a))
        return *number <=> std::get<std::int64_t>(b);
    return ascii_lower(std::get<std::string>(a)) <=> ascii_lower(std::get<std::string>(b));
}

std::string joined(const std::vector<std::string>& parts, std::string_view separator) {
    std::string text;
    for (const auto& part : parts)
        text.append(text.empty() ? "" : separator).append(part);
    return text;
}

std::string where(const std::vector<std::string>& conditions) {
    return conditions.empty() ? "" : " WHERE " + joined(conditions, " AND ");
}

} // namespace

list_statement::list_statement(const statements& sql, const list_query& query, const field_set& columns,
                               std::vector<term> terms, std::size_t part)
    : sql_{sql}, description_{sql.description()}, query_{query}, columns_{columns}, terms_{std::move(terms)},
      order_{order_of_part(description_, query, part)}, column_{description_.fields()[order_.field].column},
      id_{description_.identifier().column}, part_{part}, is_ascending_{order_.is_descending == query.is_from_end} {
    add_search_terms(terms_, description_, query, part);
    for (const auto& t : terms_) {
        if (t.is_equality() && t.column == column_)
            fixed_term_ = &t;
        if (t.kind == filter_kind::prefix && !t.is_negated && t.column == column_ && !prefix_term_)
            prefix_term_ = &t;
    }
    is_by_id_ = fixed_term_ || order_.field == description_.identifier_index();
    index_ = mark_covered(terms_, description_, is_by_id_ ? std::string_view{} : column_);
    for (const auto& t : terms_)
        if (!t.is_covered && (&t != prefix_term_ || is_by_id_))
            verdict_terms_.push_back(&t);

    const auto if_in_part = [&](const std::optional<position>& candidate) {
        return candidate && candidate->part == part ? candidate : std::nullopt;
    };
    begin_ = if_in_part(query.is_from_end ? query.before : query.after);
    end_ = if_in_part(query.is_from_end ? query.after : query.before);
}

std::vector<list_statement::range> list_statement::ranges() const {
    if (!begin_)
        return {range::all};
    const auto relation = compare_with_range(*begin_);
    if (relation != 0)
        return (relation < 0) == is_ascending_ ? std::vector{range::all} : std::vector<range>{};
    return is_by_id_ ? std::vector{range::all} : std::vector{range::same_value, range::later_values};
}

/// The result differs from `equal` only if the position is that of a cursor which comes from a list with other filters.
std::strong_ordering list_statement::compare_with_range(const position& position) const {
    if (fixed_term_)
        return fixed_term_->is_parent ? std::strong_ordering::equal : compare(position.value, fixed_term_->value);
    if (!prefix_term_)
        return std::strong_ordering::equal;
    const auto& begin = std::get<std::string>(prefix_term_->value);
    const auto& value = std::get<std::string>(position.value);
    const bool has_prefix = ascii_iequals(std::string_view{value}.substr(0, begin.size()), begin);
    return has_prefix ? std::strong_ordering::equal : compare(position.value, prefix_term_->value);
}

cursor list_statement::run(snapshot& s, range index_range, std::int64_t limit) {
    values_.clear();
    auto text = select(/*has_parent=*/false) + sql_.from() + where(conditions_of(index_range)) + order_by(index_range);
    text += " LIMIT " + bind(limit);
    return s.query_with(text, values_);
}

bool list_statement::has_keys() const noexcept {
    return !verdict_terms_.empty() && index_ && std::ranges::all_of(verdict_terms_, [&](const term* t) {
        return std::ranges::find(index_->columns, t->column) != index_->columns.end();
    });
}

bool list_statement::has_index_for_parents() const noexcept {
    return verdict_terms_.empty() && std::ranges::any_of(terms_, [](const term& t) { return t.is_parent && t.is_covered; });
}

cursor list_statement::run_keys(snapshot& s, range index_range, std::int64_t limit) {
    values_.clear();
    auto text = select_keys() + verdicts(/*includes_visibility=*/false, is_by_id_ ? 1 : 2) + " FROM " + table() +
                where(conditions_of(index_range)) + order_by(index_range) + " LIMIT " + bind(limit);
    return s.query_with(text, values_);
}

bool list_statement::has_columns_of_list(const list_index& index) const {
    const auto has = [&](std::string_view column) {
        return column == id_ || std::ranges::find(index.columns, column) != index.columns.end();
    };
    return has(column_) && std::ranges::all_of(terms_, [&](const term& t) { return has(t.column); });
}

bool list_statement::find_selective_term(snapshot& s, std::int64_t max_rows) {
    // If the list is in the order of the ids, sorting gains nothing: an index has the rows of one value in this order already.
    if (is_by_id_ && std::ranges::all_of(verdict_terms_, [](const term* t) { return t->ids.empty(); }))
        return false;
    for (const auto& index : description_.indexes()) {
        const auto found = std::ranges::find_if(
            verdict_terms_, [&](const term* t) { return t->kind == filter_kind::equal && t->column == index.key.front(); });
        if (found == verdict_terms_.end() || !has_columns_of_list(index))
            continue;
        values_.clear();
        const auto condition = sql_of(**found);
        const auto text =
            "SELECT count(*) FROM (SELECT 1 FROM " + table() + " WHERE " + condition + " LIMIT " + bind(max_rows + 1) + ")";
        if (auto count = s.query_with(text, values_); count.next() && count.integer(0) <= max_rows) {
            selective_term_ = *found;
            return true;
        }
    }
    return false;
}

cursor list_statement::run_sorted_keys(snapshot& s, std::int64_t max_rows) {
    values_.clear();
    std::vector<std::string> columns{id_};
    if (column_ != id_)
        columns.push_back(column_);
    for (const auto& t : terms_)
        if (std::ranges::find(columns, t.column) == columns.end())
            columns.emplace_back(t.column);
    // LIMIT prevents SQLite from using another index instead.
    auto text =
        select_keys() + " FROM (SELECT " + joined(columns, ", ") + " FROM " + table() + " WHERE " + sql_of(*selective_term_);
    text += " LIMIT " + bind(max_rows) + ") AS " + std::string{description_.table().alias};
    const auto conditions = all_conditions(selective_term_);
    verdict_column_ = end_column_ = -1;
    return s.query_with(text + where(conditions) + order_by(range::all), values_);
}

position list_statement::position_of_row(const cursor& row) const {
    auto found = sql_.position_of(query_, columns_, row, part_);
    if (fixed_term_ && !fixed_term_->is_parent) // a skipped row may have another value than the filter requires
        found.value = fixed_term_->value;
    return found;
}

position list_statement::position_of_key(const cursor& key) const {
    position found{.id = key.integer(0), .part = part_};
    if (fixed_term_)
        found.value = fixed_term_->value;
    else if (!is_by_id_)
        found.value = list_value_in(key, 1, description_.fields()[order_.field]);
    return found;
}

// Finds the keys of each parent's rows in an index, and reads only the rows with these keys.
cursor list_statement::run_each(snapshot& s, std::span<const std::int64_t> parents, order_of_parents parent_order,
                                std::int64_t limit) {
    values_.clear();
    is_for_parents_ = true;
    auto text = select(/*has_parent=*/true) + " FROM json_each(" + bind_text(json_array_of(parents)) +
                ") AS parent CROSS JOIN " + table() + " ON " + id_ + " IN (";
    std::vector<std::string> keys;
    for (const auto index_range : ranges())
        keys.push_back(keys_of(index_range, bind(limit)));
    if (keys.empty())
        keys.emplace_back("NULL");
    text += keys.size() == 1 ? keys.front() : "SELECT * FROM (" + joined(keys, ") UNION ALL SELECT * FROM (") + ")";
    text += ")" + std::string{description_.table().joins};
    const auto order = order_by(range::all);
    text += parent_order == order_of_parents::merged ? order : " ORDER BY parent.value, " + order.substr(order.find("BY ") + 3);
    return s.query_with(text, values_);
}

/// A query for the ids of the first rows in a range.
std::string list_statement::keys_of(range index_range, const std::string& limit) {
    return "SELECT " + id_ + " FROM " + table() + where(conditions_of(index_range)) + order_by(index_range) + " LIMIT " + limit;
}

cursor list_statement::run_bounded(snapshot& s, std::int64_t limit) {
    values_.clear();
    auto text = sql_.select(columns_) + " FROM ";
    if (query_.ids)
        text += "json_each(" + bind_text(json_array_of(*query_.ids)) + ") AS listed CROSS JOIN " + table() + " ON " + id_ +
                " = listed.value";
    else
        text += table();
    text += description_.table().joins;
    auto conditions = all_conditions(nullptr);
    if (const auto visible = description_.table().visible; !visible.empty())
        conditions.emplace_back(visible);
    text += where(conditions);
    if (!query_.ids || order_.field != description_.identifier_index() || !is_ascending_) // ids are already in order
        text += order_by(range::all);
    text += " LIMIT " + bind(limit);
    return s.query_with(text, values_);
}

std::int64_t list_statement::parent_of(const cursor& row) const {
    return row.integer(parent_column_);
}

std::string list_statement::bind(parameter value) {
    values_.push_back(value);
    return "?" + std::to_string(values_.size());
}

std::string list_statement::bind_text(std::string text) {
    return bind(texts_.emplace_back(std::move(text)));
}

std::string list_statement::select(bool has_parent) {
    auto text = sql_.select(columns_) + verdicts(/*includes_visibility=*/true, static_cast<int>(columns_.count()));
    if (has_parent) {
        text += ", parent.value";
        parent_column_ = static_cast<int>(columns_.count()) + (verdict_column_ < 0 ? 0 : 1) + (end_column_ < 0 ? 0 : 1);
    }
    return text;
}

std::string list_statement::select_keys() const {
    return "SELECT " + id_ + (is_by_id_ ? "" : ", " + column_);
}

/// The SQL of the verdicts, which are additional columns of the result. `column` is the index of the first one.
std::string list_statement::verdicts(bool includes_visibility, int column) {
    std::string text;
    std::vector<std::string> conditions;
    conditions.reserve(verdict_terms_.size() + 1);
    for (const auto* t : verdict_terms_)
        conditions.push_back(sql_of(*t));
    if (const auto visible = description_.table().visible; includes_visibility && !visible.empty())
        conditions.emplace_back(visible);
    verdict_column_ = conditions.empty() ? -1 : column++;
    if (!conditions.empty())
        text += ", " + joined(conditions, " AND ");
    end_column_ = end_ && !is_by_id_ ? column : -1;
    if (end_column_ >= 0)
        text += ", " + page_bound(*end_, /*is_begin=*/false);
    return text;
}

std::string list_statement::sql_of(const term& t) {
    const std::string column{t.column};
    if (t.is_parent && is_for_parents_)
        return column + " = parent.value";
    if (t.kind == filter_kind::prefix)
        return t.is_negated ? "(" + prefix_range(t) + ") IS NOT TRUE" : prefix_range(t);
    if (t.ids.empty())
        return column + " = " + bind(parameter_of(t.value));
    return column + " IN (SELECT value FROM json_each(" + bind_text(json_array_of(t.ids)) + "))";
}

std::string list_statement::prefix_range(const term& t) {
    const auto& text = std::get<std::string>(t.value);
    const auto first = bind_text(text);
    return std::string{t.column} + " BETWEEN " + first + " AND " + bind_text(end_of_prefix_range(text));
}

/// The terms except `excluded_term`, and both ends of the page, as conditions for rows that SQLite filters and sorts itself.
std::vector<std::string> list_statement::all_conditions(const term* excluded_term) {
    std::vector<std::string> all;
    for (const auto& t : terms_)
        if (&t != excluded_term)
            all.push_back(sql_of(t));
    for (const bool is_begin : {true, false})
        if (const auto& bound = is_begin ? begin_ : end_)
            all.push_back(page_bound(*bound, is_begin));
    return all;
}

std::vector<std::string> list_statement::conditions_of(range index_range) {
    std::vector<std::string> all;
    for (const auto& t : terms_)
        if (t.is_covered)
            all.push_back(sql_of(t));
    if (is_by_id_) {
        add_id_bound(all, begin_, /*is_begin=*/true);
        add_id_bound(all, end_, /*is_begin=*/false);
        return all;
    }
    const std::string later = is_ascending_ ? " > " : " < ";
    switch (index_range) {
    case range::all:
        if (prefix_term_)
            all.push_back(prefix_range(*prefix_term_));
        break;
    case range::same_value:
        all.push_back(column_ + " = " + bind(parameter_of(begin_->value)));
        all.push_back(id_ + later + bind(begin_->id));
        break;
    case range::later_values:
        all.push_back(column_ + later + bind(parameter_of(begin_->value)));
        if (prefix_term_)
            all.push_back(prefix_bound());
        break;
    }
    return all;
}

void list_statement::add_id_bound(std::vector<std::string>& all, const std::optional<position>& bound, bool is_begin) {
    const bool is_lower = is_begin == is_ascending_;
    const auto relation = bound ? compare_with_range(*bound) : std::strong_ordering::equal;
    if (bound && relation == 0)
        all.push_back(id_ + (is_lower ? " > " : " < ") + bind(bound->id));
    else if (bound && (relation > 0) == is_lower) // no row is on the side of the position that belongs to the page
        all.emplace_back("0");
}

/// The condition that a row is before the end of the prefix's range, in the direction of reading.
std::string list_statement::prefix_bound() {
    const auto& begin = std::get<std::string>(prefix_term_->value);
    return column_ + (is_ascending_ ? " <= " + bind_text(end_of_prefix_range(begin)) : " >= " + bind_text(begin));
}

/// The condition that a row is on the inner side of one end of the page.
std::string list_statement::page_bound(const position& position, bool is_begin) {
    const std::string comparison = is_begin == is_ascending_ ? " > " : " < ";
    if (order_.field == description_.identifier_index())
        return id_ + comparison + bind(position.id);
    const auto value = bind(parameter_of(position.value));
    return "(" + column_ + ", " + id_ + ")" + comparison + "(" + value + ", " + bind(position.id) + ")";
}

std::string list_statement::table() const {
    return std::string{description_.table().name} + " AS " + std::string{description_.table().alias};
}

std::string list_statement::order_by(range index_range) const {
    const std::string direction = is_ascending_ ? " ASC" : " DESC";
    const bool is_by_id_alone = is_by_id_ || index_range == range::same_value;
    return " ORDER BY " + (is_by_id_alone ? id_ : column_ + direction + ", " + id_) + direction;
}

} // namespace atrium::entity
