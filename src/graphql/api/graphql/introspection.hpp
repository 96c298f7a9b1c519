#pragma once

#include <graphql/schema_builder.hpp>

namespace atrium::graphql {

/// Lets clients ask a schema about itself (specification, section 4): `__schema` and `__type`. Without this the two are refused
/// when asked for; `__typename` is always there.
void add_introspection(schema_builder& b);

} // namespace atrium::graphql
