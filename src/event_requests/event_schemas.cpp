#include <entity/changes.hpp>
#include <entity/event_data.hpp>
#include <event_requests/event_schemas.hpp>
#include <input/reader.hpp>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>

namespace atrium::event_requests {
namespace {

constexpr auto max_integer = std::numeric_limits<std::int64_t>::max();

/// Refuses an empty text in a field that clients may not leave empty, because the module never publishes an empty text in such
/// a field.
void read_text(const entity::field_info& field, input::reader& data) {
    const auto text = data.text(field.event_name);
    if (!text || !text->empty() || !field.create)
        return;
    if (auto rule = field.create->error_of(*text); !rule.empty())
        data.add_error(field.event_name, std::move(rule));
}

/// Reads a value of the field's type; the reader reports a value of another type.
void read_value(const entity::field_info& field, input::reader& data) {
    const auto name = field.event_name;
    switch (field.type->kind) {
    case entity::kind::id: (void)data.integer(name, 1, max_integer); break;
    case entity::kind::integer: (void)data.integer(name, std::numeric_limits<std::int64_t>::min(), max_integer); break;
    case entity::kind::boolean: (void)data.boolean(name); break;
    case entity::kind::text: read_text(field, data); break;
    case entity::kind::time: (void)data.time(name); break;
    case entity::kind::enumeration:
        (void)data.choice(name, field.type->enumeration->words, field.type->enumeration->rule());
        break;
    }
}

void read_field(const entity::field_info& field, input::reader& data) {
    const bool is_absent = !data.has(field.event_name);
    if (is_absent && !field.type->is_optional)
        data.add_missing(field.event_name);
    if (!is_absent && !(field.type->is_optional && data.is_null(field.event_name)))
        read_value(field, data);
}

/// Returns a reader of `data`, which must be the text of a JSON object. Errors: invalid, with the pointer "/data".
result<input::reader> read_data(std::string_view data) {
    auto fields = input::read_json(data);
    if (!fields)
        return invalid_field("/data",
                             fields.error().faults.empty() ? "must be a JSON object" : fields.error().faults[0].detail);
    return input::reader{input::source::json, *std::move(fields)};
}

/// Prefixes the pointers of the errors in the data with "/data", because the data is the member `data` of a request.
error add_data_prefix(error e) {
    for (auto& each : e.faults)
        each.pointer.insert(0, "/data");
    if (e.faults.size() == 1)
        e.detail = e.faults.front().pointer.substr(1) + " " + e.faults.front().detail;
    return e;
}

} // namespace

const entity::description* event_schemas::find_entity(std::string_view topic) const noexcept {
    const auto found = std::ranges::find(topics_, topic, &published_topic::topic);
    return found == topics_.end() ? nullptr : found->entity;
}

result<> event_schemas::check(std::string_view topic, std::string_view data) const {
    const auto* entity = find_entity(topic);
    if (!entity)
        return invalid_field("/topic", "must be a topic that a module publishes; no module publishes " + std::string{topic});
    auto reader = read_data(data);
    if (!reader)
        return reader.error();
    const auto in_event = entity::event_fields(*entity, topic);
    for (std::size_t i = 0; i < entity->fields().size(); ++i)
        if (in_event.test(i))
            read_field(entity->fields()[i], *reader);
    if (const auto read = reader->finish(); !read)
        return add_data_prefix(read.error());
    return {};
}

std::string event_schemas::key_of(std::string_view topic, std::string_view data) const {
    const auto* entity = find_entity(topic);
    auto reader = read_data(data);
    if (!entity || !reader)
        return {};
    const auto id = reader->integer(entity->identifier().event_name, 1, max_integer);
    return id ? entity::event_key_of_id(*entity, *id) : std::string{};
}

} // namespace atrium::event_requests
