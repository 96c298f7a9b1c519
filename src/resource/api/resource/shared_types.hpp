#pragma once

#include <graphql/schema_builder.hpp>

namespace atrium::resource {

/// What every schema has that modules declare their types in: `DateTime`, `JSON`, introspection, `Node` and `PageInfo`. Once in
/// a schema.
void add_shared_types(graphql::schema_builder& to);

} // namespace atrium::resource
