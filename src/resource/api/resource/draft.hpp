#pragma once

#include <entity/description.hpp>
#include <input/reader.hpp>

namespace atrium::resource {

/// The values that a client gives for some fields, when it creates an entity or changes one.
template <class Entity>
struct draft {
    Entity values{};
    entity::field_set fields = {}; ///< which ones have a value from the client
};

/// Reads the fields that have rules for creating, or for changing, into the entity at `into`; which of them the client gave.
/// Values that break a rule are reported to `in`. A form's blank value of an optional field is left out of a new entity, and
/// clears the field in a change.
[[nodiscard]] entity::field_set read_new(const entity::description& d, input::reader& in, void* into);
[[nodiscard]] entity::field_set read_change(const entity::description& d, input::reader& in, void* into);

} // namespace atrium::resource
