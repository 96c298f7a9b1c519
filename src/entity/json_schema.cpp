#include <base/json_writer.hpp>
#include <entity/event_data.hpp>
#include <entity/json.hpp>
#include <entity/json_schema.hpp>

#include <limits>
#include <vector>

namespace atrium::entity {
namespace {

std::string_view json_type_of(kind k) {
    switch (k) {
    case kind::id:
    case kind::integer: return "integer";
    case kind::boolean: return "boolean";
    case kind::text:
    case kind::time:
    case kind::enumeration: break;
    }
    return "string";
}

void write_type(json_writer& out, const value_type& type) {
    out.key("type");
    if (type.is_optional)
        out.begin_array().value(json_type_of(type.kind)).value("null").end_array();
    else
        out.value(json_type_of(type.kind));
    switch (type.kind) {
    case kind::id:
    case kind::integer: out.key("format").value("int64"); return;
    case kind::time: out.key("format").value("date-time"); return;
    case kind::boolean:
    case kind::text:
    case kind::enumeration: break;
    }
    if (!type.enumeration)
        return;
    out.key("enum").begin_array();
    for (const auto word : type.enumeration->words)
        out.value(word);
    if (type.is_optional)
        out.null();
    out.end_array();
}

void write_limits(json_writer& out, const input_rules& rules) {
    if (rules.length && rules.length->min > 0)
        out.key("minLength").value(static_cast<std::int64_t>(rules.length->min));
    if (rules.length)
        out.key("maxLength").value(static_cast<std::int64_t>(rules.length->max));
    if (rules.min != std::numeric_limits<std::int64_t>::min())
        out.key("minimum").value(rules.min);
    if (rules.max != std::numeric_limits<std::int64_t>::max())
        out.key("maximum").value(rules.max);
    if (rules.check && !rules.check->format.empty())
        out.key("format").value(rules.check->format);
}

void write_description(json_writer& out, std::string_view text) {
    if (!text.empty())
        out.key("description").value(text);
}

/// The description of a field or, if it has none, of its enumeration.
std::string_view text_of(const field_info& f) {
    return f.description.empty() && f.type->enumeration ? f.type->enumeration->description : f.description;
}

void begin_object(json_writer& out, std::string_view description) {
    out.begin_object().key("type").value("object");
    write_description(out, description);
    out.key("properties").begin_object();
}

void end_object(json_writer& out, const std::vector<std::string_view>& required_names) {
    out.end_object();
    if (required_names.empty())
        return;
    out.key("required").begin_array();
    for (const auto name : required_names)
        out.value(name);
    out.end_array();
}

/// The JSON Schema of an object with a member for each field that has rules for `purpose`, and no other members.
std::string input_schema(const description& d, std::optional<input_rules> field_info::* purpose, std::string_view text) {
    std::string schema;
    json_writer out{schema};
    std::vector<std::string_view> required_names;
    begin_object(out, text);
    for (const auto& field : d.fields()) {
        const auto& rules = field.*purpose;
        if (!rules)
            continue;
        out.escaped_key(rules->name).begin_object();
        write_type(out, *field.type);
        write_limits(out, *rules);
        write_description(out, text_of(field));
        if (purpose == &field_info::create && !rules->is_required && !field.type->is_optional)
            write_value(out.key("default"), *field.type, field.value_in(d.sample()));
        out.end_object();
        if (rules->is_required)
            required_names.push_back(rules->name);
    }
    end_object(out, required_names);
    out.key("additionalProperties").value(false).end_object();
    return schema;
}

} // namespace

std::string value_schema(const value_type& type) {
    std::string schema;
    json_writer out{schema};
    out.begin_object();
    write_type(out, type);
    out.end_object();
    return schema;
}

std::string shown_schema(const description& d) {
    std::string schema;
    json_writer out{schema};
    std::vector<std::string_view> required_names;
    begin_object(out, d.text());
    for (const auto& field : d.fields()) {
        if (!field.is_shown)
            continue;
        out.escaped_key(field.name).begin_object();
        write_type(out, *field.type);
        write_description(out, text_of(field));
        if (!field.create && !field.change)
            out.key("readOnly").value(true);
        out.end_object();
        required_names.push_back(field.name);
    }
    end_object(out, required_names);
    out.end_object();
    return schema;
}

std::string creation_schema(const description& d) {
    return input_schema(d, &field_info::create, {});
}

std::string change_schema(const description& d) {
    return input_schema(d, &field_info::change, "The fields to change. All others keep their values.");
}

std::string event_data_schema(const description& d, std::string_view topic) {
    std::string schema;
    json_writer out{schema};
    std::vector<std::string_view> required_names;
    const auto in_event = event_fields(d, topic);
    begin_object(out, {});
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (!in_event.test(i))
            continue;
        out.escaped_key(field.event_name).begin_object();
        write_type(out, *field.type);
        write_description(out, text_of(field));
        out.end_object();
        required_names.push_back(field.event_name);
    }
    end_object(out, required_names);
    out.end_object();
    return schema;
}

} // namespace atrium::entity
