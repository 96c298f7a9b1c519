#include <input/camel_case.hpp>
#include <resource/ids.hpp>
#include <resource/list_input.hpp>

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

namespace atrium::resource {
namespace {

using entity::description;
using entity::field_info;
using entity::list_query;
using entity::list_value;

constexpr std::string_view sort_name = "sort";

std::optional<list_value> read_value(const field_info& field, input::reader& reader) {
    const auto as_list_value = [](auto read) { return read ? std::optional<list_value>{*std::move(read)} : std::nullopt; };
    switch (field.type->kind) {
    case entity::kind::text: return as_list_value(reader.text(field.name));
    case entity::kind::enumeration: {
        const auto word = reader.choice(field.name, field.type->enumeration->words, field.type->enumeration->rule());
        return word ? std::optional<list_value>{static_cast<std::int64_t>(*word)} : std::nullopt;
    }
    case entity::kind::boolean: {
        const auto truth = reader.boolean(field.name);
        return truth ? std::optional<list_value>{std::int64_t{*truth}} : std::nullopt;
    }
    case entity::kind::time: {
        const auto time = reader.time(field.name);
        return time ? std::optional<list_value>{std::int64_t{time->time_since_epoch().count()}} : std::nullopt;
    }
    case entity::kind::id: return as_list_value(reader.integer(field.name, 1, std::numeric_limits<std::int64_t>::max()));
    case entity::kind::integer: break;
    }
    return as_list_value(
        reader.integer(field.name, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()));
}

/// An empty prefix matches every text, so it is not a condition.
bool is_no_condition(const field_info& field, const list_value& value) {
    return field.filter == entity::filter_kind::prefix && std::get<std::string>(value).empty();
}

/// The name of a field in the parameter `sort` of REST or GraphQL. GraphQL also accepts the name in REST.
std::string sort_name_of(const field_info& field, input::source source) {
    return source == input::source::graphql ? input::camel_case(field.name) : std::string{field.name};
}

std::optional<std::size_t> find_sortable(const description& d, std::string_view name, input::source source) {
    for (std::size_t i = 0; i < d.fields().size(); ++i)
        if (const auto& field = d.fields()[i]; field.is_sortable && (field.name == name || sort_name_of(field, source) == name))
            return i;
    return std::nullopt;
}

/// "must be id or product_name, with - before it for descending"
std::string sort_rule(const description& d, input::source source) {
    std::vector<std::string> names;
    for (const auto& field : d.fields())
        if (field.is_sortable)
            names.push_back(sort_name_of(field, source));
    std::string rule = "must be ";
    for (std::size_t i = 0; i < names.size(); ++i)
        rule.append(i == 0 ? "" : i + 1 == names.size() ? " or " : ", ").append(names[i]);
    return rule + ", with - before it for descending";
}

std::optional<entity::ordering> read_sort(const description& d, const list_query& query, input::reader& reader) {
    const auto text = reader.text(sort_name);
    if (!text)
        return std::nullopt;
    const bool is_descending = text->starts_with('-');
    const auto field = find_sortable(d, std::string_view{*text}.substr(is_descending ? 1 : 0), reader.source());
    if (!field)
        reader.add_error(sort_name, sort_rule(d, reader.source()));
    else if (const auto order = order_of(d, query); query.search || order.field != d.identifier_index())
        reader.add_error(sort_name, "must not be combined with a search or a prefix filter, which set the order");
    else
        return entity::ordering{*field, is_descending};
    return std::nullopt;
}

} // namespace

list_query read_filters(const description& d, input::reader& reader) {
    list_query query;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (field.filter == entity::filter_kind::none)
            continue;
        if (auto value = read_value(field, reader); value && !is_no_condition(field, *value))
            query.conditions.push_back({i, *std::move(value)});
    }
    if (d.search())
        if (auto text = reader.text(d.search()->name); text && !text->empty())
            query.search = std::move(text);
    if (auto ids = reader.ids("ids", max_ids))
        query.ids = ascending(*std::move(ids));
    query.sort = read_sort(d, query, reader);
    return query;
}

list_query read_list(const description& d, input::reader& reader) {
    auto query = read_filters(d, reader);
    const auto limit = reader.integer("limit", 1, list_query::max_limit);
    if (query.ids)
        query.limit = std::max<std::int64_t>(1, static_cast<std::int64_t>(query.ids->size()));
    query.limit = limit.value_or(query.limit);
    if (const auto cursor = reader.text("after")) {
        query.after = from_cursor(d, query, *cursor);
        if (!query.after)
            reader.add_error("after", "must be a cursor from the Link header of an earlier page");
    }
    return query;
}

} // namespace atrium::resource
