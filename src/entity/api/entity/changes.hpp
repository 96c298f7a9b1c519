#pragma once

#include <base/clock.hpp>
#include <entity/description.hpp>

#include <string>

/// What a change does to an entity's fields, whatever the entity is.
namespace atrium::entity {

/// Gives `to` the values that `from` has in these fields; whether any of them was another one.
bool apply(const description& d, const field_set& fields, const void* from, void* to);

/// The fields in which two entities of one description have different values.
[[nodiscard]] field_set changed_fields(const description& d, const void* before, const void* after);

/// A new entity: its times are now; its revision stays as the class has it.
void begin_changes(const description& d, void* entity, timestamp now);

/// A change was made: one revision more, and the time of the change is now.
void count_change(const description& d, void* entity, timestamp now);

/// The key of the entity's events: "order/7".
[[nodiscard]] std::string event_key(const description& d, const void* entity);

} // namespace atrium::entity
