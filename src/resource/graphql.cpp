#include <input/camel_case.hpp>
#include <resource/graphql.hpp>
#include <resource/ids.hpp>
#include <resource/list_input.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace atrium::resource {
namespace {

using entity::description;
using entity::field_info;
using entity::input_rules;
using entity::list_query;

std::string type_of(const field_info& field) {
    switch (field.type->kind) {
    case entity::kind::id: return "ID";
    case entity::kind::integer: return "Int";
    case entity::kind::boolean: return "Boolean";
    case entity::kind::text: return "String";
    case entity::kind::time: return "DateTime";
    case entity::kind::enumeration: break;
    }
    return std::string{field.type->enumeration->name};
}

std::string filter_name(const field_info& field) {
    return field.graphql_filter.empty() ? input::camel_case(field.name) : std::string{field.graphql_filter};
}

/// The default value of this field for the schema: " = 1". Empty for texts, times, ids and optional fields.
std::string default_of(const description& d, const field_info& field) {
    const auto kind = field.type->kind;
    if (field.type->is_optional || field.type->is_text() || kind == entity::kind::time || kind == entity::kind::id)
        return {};
    const auto number = field.type->number(field.value_in(d.sample()));
    if (field.type->kind == entity::kind::enumeration)
        return " = " + graphql_word(field.type->enumeration->words[static_cast<std::size_t>(number)]);
    if (field.type->kind == entity::kind::boolean)
        return number != 0 ? " = true" : " = false";
    return " = " + std::to_string(number);
}

std::string input_fields(const description& d, std::optional<input_rules> field_info::* purpose, bool has_defaults) {
    std::string text;
    for (const auto& field : d.fields()) {
        const auto& rules = field.*purpose;
        if (!rules)
            continue;
        text.append(" ").append(input::camel_case(rules->name)).append(": ").append(type_of(field));
        text += rules->is_required ? "!" : has_defaults ? default_of(d, field) : "";
        text += " ";
    }
    return text;
}

std::string arguments_of(const description& d, bool is_of_children) {
    std::string text;
    for (const auto& field : d.fields())
        if (field.filter != entity::filter_kind::none)
            text.append(", ").append(filter_name(field)).append(": ").append(type_of(field));
    if (!is_of_children) {
        if (d.search())
            text.append(", ").append(input::camel_case(d.search()->name)).append(": String");
        text += ", ids: [ID!]";
    }
    return text + ", sort: String";
}

/// Reads the filters in the arguments, under their names in REST. Null counts as absent.
input::reader filters_of(const description& d, const graphql::arguments& a) {
    std::vector<input::field> all;
    const auto add = [&](const std::string& argument, std::string_view name) {
        const auto* value = a.find(argument);
        if (value && !value->is_null())
            all.push_back({.name = std::string{name}, .value = input::value_of(*value)});
    };
    for (const auto& field : d.fields())
        if (field.filter != entity::filter_kind::none)
            add(filter_name(field), field.name);
    if (d.search())
        add(input::camel_case(d.search()->name), d.search()->name);
    add("sort", "sort");
    return {input::source::graphql, std::move(all)};
}

/// Reads a number of rows. Adds an error to `faults` if it is out of range.
std::optional<std::int64_t> read_count(const graphql::arguments& a, std::string_view name, std::vector<fault>& faults) {
    const auto count = a.get<std::optional<std::int64_t>>(name);
    if (count && (*count < 0 || *count > list_query::max_limit))
        faults.push_back({std::string{name}, "must be 0 to " + std::to_string(list_query::max_limit)});
    return count;
}

std::optional<entity::position> read_position(const description& d, const list_query& query, const graphql::arguments& a,
                                              std::string_view name, std::vector<fault>& faults) {
    const auto text = a.get<std::optional<std::string_view>>(name);
    if (!text)
        return std::nullopt;
    auto position = from_cursor(d, query, *text);
    if (!position)
        faults.push_back({std::string{name}, "must be a cursor of a list in this order"});
    return position;
}

/// Reads the argument `ids`. Ignores an id that is not valid, because no row has it.
std::optional<std::vector<std::int64_t>> read_ids(const graphql::arguments& a, std::vector<fault>& faults) {
    const auto* list = a.find("ids");
    if (!list || !list->is_array())
        return std::nullopt;
    std::vector<std::int64_t> ids;
    for (const auto& text : list->get_array())
        if (const auto id = parse_id(std::string_view{text.get_string()}))
            ids.push_back(*id);
    if (list->get_array().size() > max_ids)
        faults.push_back({"ids", "must not have more than " + std::to_string(max_ids) + " ids"});
    return ascending(std::move(ids));
}

/// The name of the argument that an error of a filter refers to.
std::string argument_of(const description& d, std::string_view pointer) {
    const auto name = pointer.substr(pointer.starts_with('/') ? 1 : 0);
    for (const auto& field : d.fields())
        if (field.filter != entity::filter_kind::none && input::camel_case(field.name) == name)
            return filter_name(field);
    return std::string{name};
}

/// Returns the query, or one error that lists all errors of the arguments.
result<list_query> finish(const description& d, input::reader& reader, std::vector<fault> faults, list_query query) {
    if (auto filters = reader.finish(); !filters)
        for (auto& each : filters.error().faults)
            faults.push_back({argument_of(d, each.pointer), std::move(each.detail)});
    if (!faults.empty())
        return error{.code = errc::invalid, .detail = "the arguments of the list are invalid", .faults = std::move(faults)};
    return query;
}

} // namespace

call call_of(const graphql::context& c, effect_recorder* recorder) {
    return {.request_id = c.request_id,
            .principal = access::name_of(c.principal.get()),
            .traceparent = c.traceparent,
            .deadline = c.deadline,
            .recorder = recorder};
}

entity::field_set fields_of(const description& d, std::type_index row, const graphql::selection& s) {
    entity::field_set fields;
    for (std::size_t i = 0; i < d.fields().size(); ++i)
        fields.set(i, s.reads(graphql::member_id{row, d.fields()[i].offset}));
    return fields;
}

std::string filter_arguments(const description& d) {
    return arguments_of(d, /*is_of_children=*/false);
}

std::string filter_arguments_of_children(const description& d) {
    return arguments_of(d, /*is_of_children=*/true);
}

result<list_query> read_list(const description& d, const graphql::arguments& a) {
    auto reader = filters_of(d, a);
    auto query = read_filters(d, reader);
    std::vector<fault> faults;
    query.limit = read_count(a, "first", faults).value_or(query.limit);
    query.ids = read_ids(a, faults);
    return finish(d, reader, std::move(faults), std::move(query));
}

result<list_query> read_page(const description& d, const graphql::arguments& a) {
    auto reader = filters_of(d, a);
    auto query = read_filters(d, reader);
    std::vector<fault> faults;
    const auto first = read_count(a, "first", faults);
    const auto last = read_count(a, "last", faults);
    if (first && last)
        faults.push_back({"last", "must not come with first"});
    query.after = read_position(d, query, a, "after", faults);
    query.before = read_position(d, query, a, "before", faults);
    query.is_from_end = last.has_value();
    query.limit = first.value_or(last.value_or(query.limit));
    query.ids = read_ids(a, faults);
    return finish(d, reader, std::move(faults), std::move(query));
}

error too_few_matches(const description& d) {
    return {.code = errc::unavailable,
            .detail = "too many rows were read that do not match; use other filters, or read the list in pages of " +
                      std::string{d.name()} + "Connection"};
}

input::reader read_input(const description& d, const graphql::arguments& a) {
    auto members = input::fields_of(a.get<graphql::arguments>("input").values());
    for (auto& member : members)
        for (const auto& field : d.fields())
            for (const auto* rules : {&field.create, &field.change})
                if (*rules && input::camel_case((*rules)->name) == member.name)
                    member.name = (*rules)->name;
    return {input::source::graphql, std::move(members)};
}

error in_graphql(error e) {
    for (auto& each : e.faults)
        each.pointer = input::camel_case(each.pointer);
    return e;
}

void add_inputs(graphql::schema_builder& builder, const description& d) {
    const std::string name{d.name()};
    builder.define("input Create" + name + "Input {" + input_fields(d, &field_info::create, /*has_defaults=*/true) +
                   "}\n\"Fields that are omitted keep their values.\"\ninput Update" + name + "Input {" +
                   input_fields(d, &field_info::change, /*has_defaults=*/false) + "}");
}

std::string graphql_word(std::string_view word) {
    std::string text{word};
    std::ranges::transform(text, text.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    return text;
}

std::string signature_of(const field_info& field) {
    if (!field.graphql_signature.empty())
        return std::string{field.graphql_signature};
    return input::camel_case(field.name) + ": " + type_of(field) + (field.type->is_optional ? "" : "!");
}

} // namespace atrium::resource
