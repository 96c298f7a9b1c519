#pragma once

#include "types/error_log.hpp"

#include <graphql/document.hpp>
#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Adds to `log` each violation of the rules for type systems (specification, section 3: "Type Validation") in the schema `s`,
/// in the order of graphql-js's validateSchema.
/// @param definitions the document that the schema was built from
void check_types(const schema& s, const document& definitions, error_log& log);

} // namespace atrium::graphql
