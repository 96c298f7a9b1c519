#include "operations.hpp"

#include <base/json_writer.hpp>
#include <base/text.hpp>
#include <entity/json_schema.hpp>
#include <entity/list.hpp>
#include <resource/list_input.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::resource {
namespace {

using entity::description;
using entity::field_info;
using http::status;

/// "order", for the names of operations and members.
std::string singular_of(const description& d) {
    return ascii_lower(d.name());
}

/// "orders" for "/orders/"; "shop_orders" for "/shop/orders/".
std::string plural_of(std::string_view path) {
    std::string name;
    for (const char c : path)
        if (c != '/')
            name += c;
        else if (!name.empty() && name.back() != '_')
            name += '_';
    if (name.ends_with('_'))
        name.pop_back();
    return name;
}

std::string with_article(const description& d) {
    const auto name = singular_of(d);
    return (std::string_view{"aeio"}.find(name.front()) == std::string_view::npos ? "a " : "an ") + name;
}

/// The ids of other entities that an entity shows.
std::vector<http::id_property> find_ids(const description& d) {
    std::vector<http::id_property> ids;
    for (const auto& field : d.fields())
        if (field.is_shown && field.type->id_type && field.role != entity::role::identifier)
            ids.push_back({std::string{field.name}, field.type->id_type});
    return ids;
}

http::parameter filter_of(const field_info& field) {
    const bool is_prefix = field.filter == entity::filter_kind::prefix;
    const auto text = is_prefix
                          ? "Only those whose " + std::string{field.name} +
                                " begins with this text, in the order of these values, ignoring the case of ASCII letters."
                      : field.ignores_case || field.lookup ? "Only those with this value, ignoring the case of ASCII letters."
                                                           : "Only those with this value.";
    auto type = *field.type;
    type.is_optional = false;
    return {.name = std::string{field.name}, .description = text, .schema = value_schema(type)};
}

std::string search_text(const entity::search& search) {
    std::string names;
    for (std::size_t i = 0; i < search.fields.size(); ++i)
        names.append(i == 0 ? "" : i + 1 == search.fields.size() ? " or " : ", ").append(search.fields[i]);
    return search.description.empty() ? "Only those whose " + names + " begins with this text, in the order of these values."
                                      : std::string{search.description};
}

std::string sort_schema(const description& d) {
    std::string schema;
    json_writer out{schema};
    out.begin_object().key("type").value("string").key("default").value(d.identifier().name).key("enum").begin_array();
    for (const auto& field : d.fields())
        if (field.is_sortable)
            out.value(field.name).value("-" + std::string{field.name});
    out.end_array().end_object();
    return schema;
}

std::string limit_schema() {
    return R"({"type":"integer","minimum":1,"maximum":)" + std::to_string(entity::list_query::max_limit) + R"(,"default":)" +
           std::to_string(entity::list_query{}.limit) + "}";
}

std::vector<http::parameter> list_parameters(const description& d) {
    std::vector<http::parameter> all;
    for (const auto& field : d.fields())
        if (field.filter != entity::filter_kind::none)
            all.push_back(filter_of(field));
    if (d.search())
        all.push_back(
            {.name = std::string{d.search()->name}, .description = search_text(*d.search()), .schema = R"({"type":"string"})"});
    all.push_back({.name = "ids",
                   .description = "Only those with these ids: at most " + std::to_string(max_ids) + ", separated by commas.",
                   .schema = R"({"type":"string","pattern":"^[0-9]+(,[0-9]+)*$"})"});
    all.push_back({.name = "sort",
                   .description = "The field that sets the order. A - before its name means descending. Cannot be combined "
                                  "with a search or a filter by the beginning of a text, because these set the order.",
                   .schema = sort_schema(d)});
    all.push_back({.name = "limit",
                   .description = "The maximum number of items on this page. With ids, the default is the number of ids.",
                   .schema = limit_schema()});
    all.push_back({.name = "after",
                   .description = "The cursor from the header Link of the previous page. It is valid only with the same order.",
                   .schema = R"({"type":"string"})"});
    return all;
}

http::parameter id_parameter(const description& d) {
    return http::in_path("id", "The id of " + with_article(d) + ".", value_schema(*d.identifier().type));
}

std::string created_schema(const description& d) {
    std::string schema;
    json_writer out{schema};
    out.begin_object().key("type").value("object").key("properties").begin_object();
    out.key("message").begin_object().key("const").value(creation_message(d)).end_object();
    out.escaped_key(singular_of(d)).raw(http::schema_named(d.name())).end_object();
    out.key("required").begin_array().value("message").value(singular_of(d)).end_array().end_object();
    return schema;
}

} // namespace

std::string creation_message(const description& d) {
    return std::string{d.name()} + " created successfully";
}

http::operation describe_list(const description& d, std::string_view path) {
    const auto plural = plural_of(path);
    return {.id = "list_" + plural,
            .tag = d.module(),
            .parameters = list_parameters(d),
            .request_headers = {"If-Match", "If-None-Match"},
            .responses = {http::described_json(status::ok, "A page of the list.", http::array_of(d.name()), {"Link"}),
                          {status::not_modified, "The precondition If-None-Match: * is false, because the list exists."}},
            .errors = {status::precondition_failed},
            .schemas = {{std::string{d.name()}, shown_schema(d), find_ids(d)}},
            .list_of = http::listed_entity{.name = std::string{d.name()},
                                           .plural = plural,
                                           .events_key = singular_of(d),
                                           .id_type = d.identifier().type->id_type}};
}

http::operation describe_creation(const description& d) {
    const auto name = std::string{d.name()};
    return {
        .id = "create_" + singular_of(d),
        .tag = d.module(),
        .request_headers = {"If-Match", "If-None-Match"},
        .body = http::body_of_fields(http::schema_named(name + "Create")),
        .responses = {http::described_json(status::created, "It was created.", http::schema_named(name + "Created"),
                                           {"ETag", "Location"})},
        .errors = {status::conflict, status::precondition_failed, status::unsupported_media_type, status::unprocessable_entity},
        .schemas = {{name + "Create", creation_schema(d)}, {name + "Created", created_schema(d)}}};
}

http::operation describe_item(const description& d) {
    return {.id = "get_" + singular_of(d),
            .tag = d.module(),
            .parameters = {id_parameter(d)},
            .request_headers = {"If-Match", "If-None-Match"},
            .responses = {http::described_json(status::ok, "Its current state.", http::schema_named(d.name()), {"ETag"}),
                          {status::not_modified, "The client already has this state.", {}, {"ETag"}}},
            .errors = {status::not_found, status::precondition_failed}};
}

http::operation describe_change(const description& d) {
    const auto name = std::string{d.name()};
    return {.id = "update_" + singular_of(d),
            .tag = d.module(),
            .parameters = {id_parameter(d)},
            .request_headers = {"If-Match", "If-None-Match"},
            .body = http::body_of_fields(http::schema_named(name + "Change")),
            .responses = {http::described_json(status::ok, "Its new state.", http::schema_named(name), {"ETag"})},
            .errors = {status::not_found, status::conflict, status::precondition_failed, status::unsupported_media_type,
                       status::unprocessable_entity},
            .schemas = {{name + "Change", change_schema(d)}}};
}

http::operation describe_removal(const description& d) {
    return {.id = "delete_" + singular_of(d),
            .tag = d.module(),
            .parameters = {id_parameter(d)},
            .request_headers = {"If-Match", "If-None-Match"},
            .responses = {{status::no_content, "It was deleted."}},
            .errors = {status::not_found, status::conflict, status::precondition_failed}};
}

} // namespace atrium::resource
