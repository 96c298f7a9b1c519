#include <resource/draft.hpp>

#include <string>

namespace atrium::resource {
namespace {

using entity::field_info;
using entity::input_rules;

/// Reads a value into `target`. Returns false if there is no value or if it cannot be used. A text that breaks a rule is
/// reported, but is written to `target` nevertheless.
bool read_value(const field_info& field, const input_rules& rules, input::reader& reader, void* target) {
    const auto& type = *field.type;
    const auto put = [&](const auto& number) {
        if (number)
            type.set_number(target, static_cast<std::int64_t>(*number));
        return number.has_value();
    };
    switch (type.kind) {
    case entity::kind::text: {
        const auto text = reader.text(rules.name);
        if (!text)
            return false;
        if (auto problem = rules.error_of(*text); !problem.empty())
            reader.add_error(rules.name, std::move(problem));
        type.set_text(target, *text);
        return true;
    }
    case entity::kind::boolean: return put(reader.boolean(rules.name));
    case entity::kind::enumeration: return put(reader.choice(rules.name, type.enumeration->words, type.enumeration->rule()));
    case entity::kind::time: {
        const auto time = reader.time(rules.name);
        return put(time ? std::optional{time->time_since_epoch().count()} : std::nullopt);
    }
    case entity::kind::id:
    case entity::kind::integer: break;
    }
    return put(reader.integer(rules.name, rules.min, rules.max));
}

/// Reads the fields for one purpose: `&field_info::create` or `&field_info::change`.
entity::field_set read(const entity::description& d, std::optional<input_rules> field_info::* purpose, input::reader& reader,
                       void* target) {
    const bool is_change = purpose == &field_info::change;
    entity::field_set fields;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        const auto& rules = field.*purpose;
        if (!rules)
            continue;
        auto* const value = field.value_in(target);
        const bool is_blank = field.type->is_optional && reader.is_blank(rules->name);
        const bool is_cleared = (field.type->is_optional && reader.is_null(rules->name)) || (is_blank && is_change);
        if (is_cleared)
            field.type->reset(value);
        fields.set(i, is_cleared || (!is_blank && read_value(field, *rules, reader, value)));
        if (rules->is_required && !fields.test(i))
            reader.add_missing(rules->name); // has no effect if the value is invalid, which has been reported already
    }
    return fields;
}

} // namespace

entity::field_set read_new(const entity::description& d, input::reader& reader, void* target) {
    return read(d, &field_info::create, reader, target);
}

entity::field_set read_change(const entity::description& d, input::reader& reader, void* target) {
    return read(d, &field_info::change, reader, target);
}

} // namespace atrium::resource
