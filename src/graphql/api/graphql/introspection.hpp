#pragma once

#include <graphql/schema_builder.hpp>

namespace atrium::graphql {

/// Lets clients query the schema itself (specification, section 4): `__schema` and `__type`. Unless this function is called,
/// selecting one of these fields results in an error with the code UNAVAILABLE. `__typename` is always available.
void add_introspection(schema_builder& b);

} // namespace atrium::graphql
