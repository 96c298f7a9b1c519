#include "list_reader.hpp"
#include "sql_text.hpp"

#include <entity/statements.hpp>

#include <algorithm>
#include <bit>
#include <utility>

namespace atrium::entity {
namespace {

using storage::cursor;
using storage::parameter;
using storage::snapshot;
using storage::transaction;

parameter parameter_of(const field_info& field, const void* entity) {
    const auto* value = field.value_in(entity);
    if (!field.type->has_value(value))
        return nullptr;
    return field.type->is_text() ? parameter{field.type->text(value)} : parameter{field.type->number(value)};
}

std::vector<parameter> parameters_of(const description& d, const std::vector<std::size_t>& fields, const void* entity) {
    std::vector<parameter> all;
    all.reserve(fields.size());
    for (const auto i : fields)
        all.push_back(parameter_of(d.fields()[i], entity));
    return all;
}

} // namespace

statements::statements(const entity::description& d) : description_{d} {
    const auto& table = d.table();
    from_ = " FROM " + std::string{table.name} + " AS " + std::string{table.alias} + std::string{table.joins};
    if (!table.visible.empty())
        visibility_condition_ = " AND " + std::string{table.visible};
    const auto id = std::string{unqualified(d.identifier().column)};
    std::string columns, placeholders, changes;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (!d.is_own(field))
            continue;
        own_fields_.set(i);
        own_columns_.append(own_columns_.empty() ? "" : ", ").append(unqualified(field.column));
        if (field.role != role::identifier) {
            inserted_fields_.push_back(i);
            columns.append(columns.empty() ? "" : ", ").append(unqualified(field.column));
            placeholders.append(placeholders.empty() ? "?" : ", ?").append(std::to_string(inserted_fields_.size()));
        }
        if (field.change || field.role == role::revision || field.role == role::updated_at) {
            updated_fields_.push_back(i);
            changes.append(changes.empty() ? "" : ", ").append(unqualified(field.column)).append(" = ?");
            changes.append(std::to_string(updated_fields_.size() + 1)); // ?1 is the id
        }
    }
    const auto name = std::string{table.name};
    insert_sql_ = "INSERT INTO " + name + " (" + columns + ") VALUES (" + placeholders + ")";
    update_sql_ = "UPDATE " + name + " SET " + changes + " WHERE " + id + " = ?1";
    remove_sql_ = "DELETE FROM " + name + " WHERE " + id + " = ?1";
}

std::string statements::select(const field_set& fields) const {
    std::string text = "SELECT ";
    for (std::size_t i = 0, count = 0; i < description_.fields().size(); ++i)
        if (fields.test(i))
            text.append(count++ == 0 ? "" : ", ").append(description_.fields()[i].column);
    return text;
}

int statements::column_in(const field_set& fields, std::size_t field) const {
    int column = 0;
    for (std::size_t i = 0; i < field; ++i)
        column += fields.test(i) ? 1 : 0;
    return column;
}

void statements::read(const cursor& row, const field_set& fields, void* target) const {
    int column = 0;
    for (auto remaining_fields = fields.to_ullong(); remaining_fields != 0;
         remaining_fields &= remaining_fields - 1, ++column) {
        const auto& field = description_.fields()[static_cast<std::size_t>(std::countr_zero(remaining_fields))];
        auto* const value = field.value_in(target);
        if (field.type->is_optional && row.is_null(column))
            field.type->reset(value);
        else if (field.type->is_text())
            field.type->set_text(value, row.text(column));
        else
            field.type->set_number(value, row.integer(column));
    }
}

cursor statements::find_row(snapshot& s, std::int64_t id, const field_set& fields) const {
    return s.query(select(fields) + from_ + " WHERE " + std::string{description_.identifier().column} + " = ?1" +
                       visibility_condition_,
                   id);
}

cursor statements::find_rows(snapshot& s, std::span<const std::int64_t> ids, const field_set& fields) const {
    // CROSS JOIN reads the ids in their order, without first building a set of them as IN would.
    const auto& table = description_.table();
    return s.query(select(fields) + " FROM json_each(?1) AS listed CROSS JOIN " + std::string{table.name} + " AS " +
                       std::string{table.alias} + " ON " + std::string{description_.identifier().column} + " = listed.value" +
                       std::string{table.joins} + " WHERE 1" + visibility_condition_,
                   json_array_of(ids));
}

cursor statements::find_row_by_field(snapshot& s, std::size_t field, std::string_view value, const field_set& fields) const {
    return s.query(select(fields) + from_ + " WHERE " + std::string{description_.fields()[field].column} + " = ?1" +
                       visibility_condition_,
                   value);
}

std::int64_t statements::insert(transaction& t, const void* entity) const {
    t.execute_with(insert_sql_, parameters_of(description_, inserted_fields_, entity));
    return t.last_insert_id();
}

void statements::update(transaction& t, const void* entity) const {
    auto values = parameters_of(description_, updated_fields_, entity);
    values.insert(values.begin(), parameter_of(description_.identifier(), entity));
    t.execute_with(update_sql_, values);
}

void statements::remove(transaction& t, std::int64_t id) const {
    t.execute(remove_sql_, id);
}

field_set statements::columns_of(const list_query& query, field_set fields) const {
    fields.set(description_.identifier_index());
    if (query.search)
        for (const auto& name : description_.search()->fields)
            fields.set(description_.index_of(name));
    else
        fields.set(order_of(description_, query).field);
    return fields;
}

position statements::position_of(const list_query& query, const field_set& columns, const cursor& row, std::size_t part) const {
    const auto field = order_of_part(description_, query, part).field;
    return {.id = row.integer(column_in(columns, description_.identifier_index())),
            .value = list_value_in(row, column_in(columns, field), description_.fields()[field]),
            .part = part};
}

std::optional<position> statements::list(snapshot& s, const list_query& query, const field_set& columns,
                                         const row_visitor& visit) const {
    return list_reader{*this, query, columns, {}}.read(s, visit);
}

std::vector<std::optional<position>> statements::list_each(snapshot& s, std::size_t field, std::span<const std::int64_t> values,
                                                           const list_query& query, const field_set& columns,
                                                           const row_visitor& visit) const {
    return list_reader{*this, query, columns, {}}.read_each(s, description_.fields()[field].column, values, visit);
}

} // namespace atrium::entity
