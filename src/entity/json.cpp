#include <entity/json.hpp>

namespace atrium::entity {
namespace {

void write_number(json_writer& out, const value_type& type, std::int64_t number) {
    switch (type.kind) {
    case kind::boolean: out.value(number != 0); return;
    case kind::time: out.value(timestamp{std::chrono::milliseconds{number}}); return;
    case kind::enumeration: out.value(type.enumeration->words[static_cast<std::size_t>(number)]); return;
    case kind::id:
    case kind::integer:
    case kind::text: break;
    }
    out.value(number);
}

void write_text(json_writer& out, const value_type& type, const storage::cursor& row, int column) {
    if (type.is_optional && row.is_null(column))
        out.null();
    else
        out.value(row.text(column));
}

} // namespace

void write_value(json_writer& out, const value_type& type, const void* value) {
    if (!type.has_value(value))
        out.null();
    else if (type.is_text())
        out.value(type.text(value));
    else
        write_number(out, type, type.number(value));
}

json_form::json_form(const description& d) : description_{d} {
    int row_column = 0;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        if (d.fields()[i].is_shown)
            columns_.push_back({&d.fields()[i], rendered_key(d.fields()[i].name), row_column});
        row_column += d.shown().test(i) ? 1 : 0;
    }
}

void json_form::write(json_writer& out, const void* entity) const {
    out.begin_object();
    for (const auto& [field, key, row_column] : columns_) {
        out.raw_key(key);
        write_value(out, *field->type, field->value_in(entity));
    }
    out.end_object();
}

void json_form::write(json_writer& out, const storage::cursor& row) const {
    out.begin_object();
    for (const auto& [field, key, row_column] : columns_) {
        out.raw_key(key);
        if (field->type->is_text())
            write_text(out, *field->type, row, row_column);
        else if (!field->type->is_optional)
            write_number(out, *field->type, row.integer(row_column));
        else if (const auto number = row.optional_integer(row_column))
            write_number(out, *field->type, *number);
        else
            out.null();
    }
    out.end_object();
}

std::string json_form::etag(const void* entity) const {
    std::string tag;
    for (const auto& field : description_.fields())
        if (field.is_in_etag)
            tag.append(tag.empty() ? "\"" : "-").append(std::to_string(field.type->number(field.value_in(entity))));
    return tag.empty() ? tag : tag + '"';
}

} // namespace atrium::entity
