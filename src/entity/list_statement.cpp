#include "list_statement.hpp"

#include "sql_text.hpp"

#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::parameter;
using storage::snapshot;

parameter parameter_of(const list_value& value) {
    return std::visit([](const auto& v) { return parameter{v}; }, value);
}

/// The last of all texts that begin with a prefix, in the collations BINARY and NOCASE: in UTF-8, bytes are ordered as code
/// points are, so nothing sorts behind a text that goes on with the last code point for as long as a text may be.
std::string last_with(std::string prefix) {
    constexpr std::size_t longest_text = 254; // code points
    for (std::size_t i = 0; i < longest_text; ++i)
        prefix += "\U0010FFFF";
    return prefix;
}

} // namespace

list_statement::list_statement(const statements& sql, const list_query& query, std::size_t part)
    : sql_{sql}, description_{sql.description()}, query_{query}, part_{part}, order_{order_of_part(description_, query, part)},
      is_by_id_{description_.fields()[order_.field].role == role::identifier},
      column_{description_.fields()[order_.field].column}, id_{description_.identifier().column} {}

std::optional<cursor> list_statement::run(snapshot& s, const field_set& columns, std::int64_t limit) {
    auto text = sql_.select(columns) + source();
    add_search();
    if (!add_conditions(s))
        return std::nullopt;
    add_position(query_.after, true);
    add_position(query_.before, false);
    text += where_ + order_by();
    text += " LIMIT " + bind(limit);
    return s.query_with(text, values_);
}

// Each list is found in the index of the column; only rows that are shown are read.
std::optional<cursor> list_statement::run_each(snapshot& s, const field_set& columns, std::int64_t limit,
                                               std::string_view column, std::span<const std::int64_t> values) {
    const auto& table = description_.table();
    auto text = sql_.select(columns) + " FROM json_each(" + bind_text(json_array_of(values)) + ") AS requested CROSS JOIN " +
                std::string{table.name} + " AS " + std::string{table.alias} + " ON " + id_ + " IN (SELECT " + id_ + source();
    add(std::string{column} + " = requested.value");
    if (!add_conditions(s))
        return std::nullopt;
    add_position(query_.after, true);
    add_position(query_.before, false);
    text += where_ + order_by();
    text += " LIMIT " + bind(limit) + ")" + std::string{table.joins} + " ORDER BY requested.value";
    text += ", " + order_by().substr(std::string_view{" ORDER BY "}.size());
    return s.query_with(text, values_);
}

std::string list_statement::bind(parameter value) {
    values_.push_back(value);
    return "?" + std::to_string(values_.size());
}

std::string list_statement::bind_text(std::string text) {
    return bind(texts_.emplace_back(std::move(text)));
}

void list_statement::add(std::string_view condition) {
    where_.append(where_.empty() ? " WHERE " : " AND ").append(condition);
}

std::string list_statement::prefix_range(std::string_view column, const std::string& text) {
    const auto first = bind_text(text);
    return std::string{column} + " BETWEEN " + first + " AND " + bind_text(last_with(text));
}

void list_statement::add_prefix(std::string_view column, const std::string& text) {
    add(prefix_range(column, text));
}

/// Also for rows whose column is null.
void list_statement::add_no_prefix(std::string_view column, const std::string& text) {
    add("(" + prefix_range(column, text) + ") IS NOT TRUE");
}

/// Rows that an earlier part has shown are left out of the later ones.
void list_statement::add_search() {
    if (!query_.search)
        return;
    add_prefix(column_, *query_.search);
    for (std::size_t i = 0; i < part_; ++i)
        add_no_prefix(description_.fields()[description_.index_of(description_.search()->fields[i])].column, *query_.search);
}

/// False if no row can pass.
bool list_statement::add_conditions(snapshot& s) {
    for (const auto& [index, value] : query_.conditions) {
        const auto& field = description_.fields()[index];
        if (field.filter == filter_kind::prefix)
            add_prefix(field.column, std::get<std::string>(value));
        else if (!field.lookup)
            add(std::string{field.column} + " = " + bind(parameter_of(value)));
        else if (!add_lookup(s, *field.lookup, value))
            return false;
    }
    return true;
}

bool list_statement::add_lookup(snapshot& s, const lookup& by, const list_value& value) {
    std::vector<std::int64_t> found;
    const parameter values[] = {parameter_of(value)};
    for (auto rows = s.query_with(by.query, values); rows.next();)
        found.push_back(rows.integer(0));
    if (found.size() == 1) // the usual case, for which an index is in the order of the ids as well
        add(std::string{by.column} + " = " + bind(found.front()));
    else
        add(std::string{by.column} + " IN (SELECT value FROM json_each(" + bind_text(json_array_of(found)) + "))");
    return !found.empty();
}

void list_statement::add_position(const std::optional<position>& at, bool is_after) {
    if (!at || at->part != part_)
        return;
    const std::string comparison = is_after != order_.is_descending ? " > " : " < ";
    if (is_by_id_) {
        add(id_ + comparison + bind(at->id));
        return;
    }
    const auto value = bind(parameter_of(at->value));
    add("(" + column_ + ", " + id_ + ")" + comparison + "(" + value + ", " + bind(at->id) + ")");
}

std::string list_statement::source() {
    if (!query_.ids)
        return sql_.from();
    const auto& table = description_.table();
    return " FROM json_each(" + bind_text(json_array_of(*query_.ids)) + ") AS requested CROSS JOIN " + std::string{table.name} +
           " AS " + std::string{table.alias} + " ON " + id_ + " = requested.value" + std::string{table.joins};
}

std::string list_statement::order_by() const {
    if (query_.ids && is_by_id_ && !order_.is_descending && !query_.is_from_end)
        return {}; // they come in that order
    const std::string direction = order_.is_descending != query_.is_from_end ? " DESC" : " ASC";
    return " ORDER BY " + (is_by_id_ ? id_ : column_ + direction + ", " + id_) + direction;
}

} // namespace atrium::entity
