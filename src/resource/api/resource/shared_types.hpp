#pragma once

#include <graphql/schema_builder.hpp>

namespace atrium::resource {

/// Declares the types that every schema has before modules add theirs: `DateTime`, `JSON`, introspection, `Node` and
/// `PageInfo`. Call it once for a schema.
void add_shared_types(graphql::schema_builder& builder);

} // namespace atrium::resource
