#include "sql_text.hpp"

#include <entity/table_check.hpp>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>

namespace atrium::entity {
namespace {

using storage::table_column;

std::string_view sql_type_of(const field_info& field) {
    return field.type->is_text() ? "TEXT" : "INTEGER";
}

/// What is wrong between a field and its column, as the rest of a sentence; empty if they fit.
std::string find_mismatch(const field_info& field, const table_column& column) {
    if (const auto type = sql_type_of(field); column.type != type)
        return "is " + column.type + ", but the member needs " + std::string{type} + "; change one of them";
    if (column.is_nullable && !field.type->is_optional)
        return "may be null, but the member is not std::optional; declare the column NOT NULL or the member std::optional";
    if (!column.is_nullable && field.type->is_optional)
        return "may not be null, but the member is std::optional; declare the column without NOT NULL, or the member without "
               "std::optional";
    if (!column.is_indexed && (field.is_sortable || (field.filter != filter_kind::none && !field.lookup)))
        return "has no index, but lists are filtered or sorted by it; add the index by a migration";
    return {};
}

} // namespace

void check_table(const description& d, std::span<const table_column> columns) {
    d.require_valid();
    const std::string table{d.table().name};
    const auto fail = [&](std::string_view field, const std::string& what) {
        throw std::logic_error{"the description of " + std::string{d.name()} + ", field \"" + std::string{field} +
                               "\": " + what};
    };
    if (columns.empty())
        throw std::logic_error{"the description of " + std::string{d.name()} + ": there is no table " + table +
                               "; add it by a migration"};
    for (const auto& field : d.fields()) {
        if (!d.is_own(field))
            continue;
        const auto found = std::ranges::find(columns, bare(field.column), &table_column::name);
        if (found == columns.end())
            fail(field.name, "the table " + table + " has no column " + std::string{bare(field.column)} +
                                 "; add it by a migration, or correct its name");
        if (const auto wrong = find_mismatch(field, *found); !wrong.empty())
            fail(field.name, "the column " + found->name + " of " + table + " " + wrong);
    }
    for (const auto& column : columns) {
        const bool is_field = std::ranges::any_of(
            d.fields(), [&](const field_info& field) { return d.is_own(field) && bare(field.column) == column.name; });
        if (!is_field && !column.is_nullable && !column.has_default)
            throw std::logic_error{"the description of " + std::string{d.name()} + " has no field for the column " +
                                   column.name + " of " + table +
                                   ", which is NOT NULL without a default; describe it, or give it a default"};
    }
}

} // namespace atrium::entity
