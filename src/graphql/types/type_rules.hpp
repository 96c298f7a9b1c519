#pragma once

#include "types/error_log.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Reports every rule of type systems (specification, section 3: "Type Validation") that a schema breaks, in the order of
/// graphql-js's validateSchema.
/// @param definitions the document that the schema was built from
void check_types(const schema& s, const document& definitions, error_log& log);

} // namespace atrium::graphql
