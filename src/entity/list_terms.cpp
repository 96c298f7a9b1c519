#include "list_terms.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace atrium::entity {
namespace {

const term* find_equality(const std::vector<term>& terms, std::string_view column) {
    const auto found = std::ranges::find_if(terms, [&](const term& t) { return t.is_equality() && t.column == column; });
    return found == terms.end() ? nullptr : &*found;
}

/// Replaces the value of `t` by the ids that the lookup returns. Returns false if there are no ids, so no row can match.
bool look_up(storage::snapshot& s, const lookup& lookup, term& t) {
    const storage::parameter value[] = {parameter_of(t.value)};
    t.column = lookup.column;
    for (auto rows = s.query_with(lookup.query, value); rows.next();)
        t.ids.push_back(rows.integer(0));
    if (t.ids.empty())
        return false;
    if (t.ids.size() == 1)
        t.value = std::exchange(t.ids, {}).front();
    return true;
}

using column_names = std::vector<std::string_view>;

/// The columns by which an index finds rows in the order of a list; std::nullopt if the rows of the index are not in that
/// order.
std::optional<column_names> covered_columns(column_names key, std::string_view order) {
    if (order.empty())
        return key;
    if (key.back() != order)
        return std::nullopt;
    key.pop_back();
    return key;
}

} // namespace

list_value list_value_in(const storage::cursor& row, int column, const field_info& field) {
    if (field.type->is_text())
        return std::string{row.text(column)};
    return row.integer(column);
}

storage::parameter parameter_of(const list_value& value) {
    return std::visit([](const auto& v) { return storage::parameter{v}; }, value);
}

std::optional<std::vector<term>> find_terms(storage::snapshot& s, const description& d, const list_query& query) {
    std::vector<term> terms;
    for (const auto& [index, value] : query.conditions) {
        const auto& field = d.fields()[index];
        auto& added = terms.emplace_back(
            term{.column = field.column, .kind = field.filter, .value = value, .is_unique = field.is_unique});
        if (field.lookup && !look_up(s, *field.lookup, added))
            return std::nullopt;
    }
    return terms;
}

void add_search_terms(std::vector<term>& terms, const description& d, const list_query& query, std::size_t part) {
    for (std::size_t i = 0; query.search && i <= part; ++i)
        terms.push_back({.column = d.fields()[d.index_of(d.search()->fields[i])].column,
                         .kind = filter_kind::prefix,
                         .value = *query.search,
                         .is_negated = i < part});
}

bool has_unique(const std::vector<term>& terms) {
    return std::ranges::any_of(terms, [](const term& t) { return t.is_unique && t.is_equality(); });
}

const list_index* mark_covered(std::vector<term>& terms, const description& d, std::string_view order) {
    const list_index* best = nullptr;
    column_names covered;
    for (const auto& index : d.indexes()) {
        auto columns = covered_columns(index.key, order);
        const bool is_usable =
            columns && std::ranges::all_of(*columns, [&](auto column) { return find_equality(terms, column) != nullptr; });
        if (is_usable && (!best || columns->size() > covered.size())) {
            best = &index;
            covered = *std::move(columns);
        }
    }
    if (const auto first = std::ranges::find_if(terms, &term::is_equality); !best && order.empty() && first != terms.end())
        covered = {first->column};
    for (auto& t : terms)
        t.is_covered = t.is_equality() && std::ranges::find(covered, t.column) != covered.end();
    return best;
}

} // namespace atrium::entity
