#pragma once

#include <entity/description.hpp>
#include <input/reader.hpp>

namespace atrium::resource {

/// The values of the fields that a client sets when it creates or changes an entity.
template <class Entity>
struct draft {
    Entity values{};
    entity::field_set fields = {}; ///< the fields that the client has set
};

/// Read the input of a client into the entity at `target`: the fields that clients may set in a new entity (`read_new`), or
/// those that clients may change (`read_change`).
/// Return the fields that the client has set. Values that break a rule are reported to `reader`. In a form, a blank value of
/// an optional field is ignored for a new entity, and clears the field in a change.
[[nodiscard]] entity::field_set read_new(const entity::description& d, input::reader& reader, void* target);
[[nodiscard]] entity::field_set read_change(const entity::description& d, input::reader& reader, void* target);

} // namespace atrium::resource
