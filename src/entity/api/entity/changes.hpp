#pragma once

#include <base/clock.hpp>
#include <entity/description.hpp>

#include <cstdint>
#include <string>

/// Applies changes to the fields of any entity.
namespace atrium::entity {

/// Copies the values of `fields` from `source` to `target`. Returns whether this has changed `target`.
bool apply(const description& d, const field_set& fields, const void* source, void* target);

/// The fields whose values differ between two entities of one description.
[[nodiscard]] field_set changed_fields(const description& d, const void* old_entity, const void* new_entity);

/// Sets the times of creation and of the last change of a new entity to `now`. The revision keeps its default value.
void begin_changes(const description& d, void* entity, timestamp now);

/// Records a change: increments the revision and sets the time of the last change to `now`.
void count_change(const description& d, void* entity, timestamp now);

/// The key of the entity's events: "order/7".
[[nodiscard]] std::string event_key(const description& d, const void* entity);
/// Like `event_key`, for the entity with this id.
[[nodiscard]] std::string event_key_of_id(const description& d, std::int64_t id);

} // namespace atrium::entity
