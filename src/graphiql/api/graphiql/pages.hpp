#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

/// GraphiQL, embedded in the program. Its functions run on any thread and keep nothing.
namespace atrium::graphiql {

/// The page that browsers get at /graphql/, or one that says that GraphiQL was left out of this build.
[[nodiscard]] http::response page(const http::request& q);

/// The files that the page loads, under /graphql/assets/.
void add_file_routes(http::router& to);

} // namespace atrium::graphiql
