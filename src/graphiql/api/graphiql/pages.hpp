#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

/// GraphiQL, embedded in the program. The functions can be called from any thread.
namespace atrium::graphiql {

/// The page for browsers at /graphql/, or a page that explains that this build has no GraphiQL.
[[nodiscard]] http::response page(const http::request& q);

/// Adds the routes of the files that the page loads, under /graphql/assets/.
void add_file_routes(http::router& router);

} // namespace atrium::graphiql
