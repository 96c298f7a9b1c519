#include <base/text.hpp>
#include <entity/changes.hpp>

namespace atrium::entity {
namespace {

bool has_same_value(const value_type& type, const void* a, const void* b) {
    if (!type.has_value(a) || !type.has_value(b))
        return type.has_value(a) == type.has_value(b);
    return type.is_text() ? type.text(a) == type.text(b) : type.number(a) == type.number(b);
}

void copy_value(const value_type& type, const void* source, void* target) {
    if (!type.has_value(source))
        type.reset(target);
    else if (type.is_text())
        type.set_text(target, type.text(source));
    else
        type.set_number(target, type.number(source));
}

void set_time(const description& d, role r, void* entity, timestamp now) {
    if (const auto i = d.find_field_as(r))
        d.fields()[*i].type->set_number(d.fields()[*i].value_in(entity), now.time_since_epoch().count());
}

} // namespace

bool apply(const description& d, const field_set& fields, const void* source, void* target) {
    bool is_changed = false;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        if (!fields.test(i) || has_same_value(*field.type, field.value_in(source), field.value_in(target)))
            continue;
        copy_value(*field.type, field.value_in(source), field.value_in(target));
        is_changed = true;
    }
    return is_changed;
}

field_set changed_fields(const description& d, const void* old_entity, const void* new_entity) {
    field_set changed;
    for (std::size_t i = 0; i < d.fields().size(); ++i) {
        const auto& field = d.fields()[i];
        changed.set(i, !has_same_value(*field.type, field.value_in(old_entity), field.value_in(new_entity)));
    }
    return changed;
}

void begin_changes(const description& d, void* entity, timestamp now) {
    set_time(d, role::created_at, entity, now);
    set_time(d, role::updated_at, entity, now);
}

void count_change(const description& d, void* entity, timestamp now) {
    if (const auto i = d.find_field_as(role::revision)) {
        const auto& field = d.fields()[*i];
        field.type->set_number(field.value_in(entity), field.type->number(field.value_in(entity)) + 1);
    }
    set_time(d, role::updated_at, entity, now);
}

std::string event_key(const description& d, const void* entity) {
    const auto& id = d.identifier();
    return event_key_of_id(d, id.type->number(id.value_in(entity)));
}

std::string event_key_of_id(const description& d, std::int64_t id) {
    return ascii_lower(d.name()) + "/" + std::to_string(id);
}

} // namespace atrium::entity
