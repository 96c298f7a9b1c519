#include "json_value.hpp"

#include <base/json_writer.hpp>
#include <base/malformed.hpp>
#include <entity/event_data.hpp>
#include <entity/json.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>

namespace atrium::entity {
namespace {

std::string_view name_of(kind k) {
    switch (k) {
    case kind::id: return "an id";
    case kind::integer: return "an integer";
    case kind::boolean: return "a boolean";
    case kind::text: return "a text";
    case kind::time: return "a time";
    case kind::enumeration: return "one of the known values";
    }
    return "";
}

bool is_in_event(const field_info& field, std::string_view topic) {
    return !field.event_name.empty() && std::ranges::find(field.topics_without, topic) == field.topics_without.end();
}

error wrong_data(const std::string& detail) {
    return malformed("the event's data " + detail);
}

} // namespace

field_set event_fields(const description& d, std::string_view topic) {
    field_set fields;
    for (std::size_t i = 0; i < d.fields().size(); ++i)
        fields.set(i, is_in_event(d.fields()[i], topic));
    return fields;
}

std::string event_data(const description& d, const field_set& fields, const void* entity) {
    std::string text;
    text.reserve(256); // enough for a few short fields, so that memory is allocated only once
    json_writer out{text};
    out.begin_object();
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (!fields.test(i) || field.event_name.empty())
            continue;
        out.key(field.event_name);
        write_value(out, *field.type, field.value_in(entity));
    }
    out.end_object();
    return text;
}

result<> data_part::read(std::string_view json, void* target) const {
    boost::system::error_code failure;
    const auto parsed = boost::json::parse(json, failure);
    if (failure || !parsed.is_object())
        return wrong_data("is not a JSON object");
    for (const auto& [name, type, offset] : data_) {
        const auto* found = parsed.get_object().if_contains(name);
        const bool is_absent = !found || found->is_null();
        if (is_absent && type->is_optional)
            continue;
        if (is_absent || !read_value(*type, *found, static_cast<std::byte*>(target) + offset))
            return wrong_data("needs " + std::string{name_of(type->kind)} + " as \"" + std::string{name} + "\"");
    }
    return {};
}

std::vector<std::string> data_part::missing_in(const description& publisher, std::string_view topic) const {
    std::vector<std::string> all;
    for (const auto& [name, type, offset] : data_) {
        const auto found = std::ranges::find(publisher.fields(), name, &field_info::event_name);
        if (found == publisher.fields().end())
            all.push_back("the events of " + std::string{publisher.name()} + " have no \"" + std::string{name} + "\"");
        else if (!is_in_event(*found, topic))
            all.push_back("the events of " + std::string{publisher.name()} + " have \"" + std::string{name} +
                          "\" under other topics only");
        else if (found->type->kind != type->kind)
            all.push_back("\"" + std::string{name} + "\" in the events of " + std::string{publisher.name()} + " is " +
                          std::string{name_of(found->type->kind)} + ", and " + std::string{name_of(type->kind)} + " is needed");
        else if (found->type->is_optional && !type->is_optional)
            all.push_back("\"" + std::string{name} + "\" in the events of " + std::string{publisher.name()} +
                          " may be null: read it into a std::optional");
    }
    return all;
}

} // namespace atrium::entity
