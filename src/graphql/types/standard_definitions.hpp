#pragma once

#include <graphql/document.hpp>

namespace atrium::graphql {

/// The scalars, the directives and the types of introspection that every schema has, with their descriptions. Can be called
/// from any thread.
[[nodiscard]] const document& standard_definitions();

} // namespace atrium::graphql
