#pragma once

#include <graphql/document.hpp>
#include <graphql/located_error.hpp>
#include <graphql/schema.hpp>

namespace atrium::graphql {

/// Every rule of the specification's section 5 that an executable document breaks, in the order and the words of graphql-js
/// (`validate` with its specified rules; after 100 errors it gives up as graphql-js does). Empty: it may be executed.
[[nodiscard]] located_errors validate(const schema& s, const document& d);

} // namespace atrium::graphql
