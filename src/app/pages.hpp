#pragma once

#include <http/request.hpp>
#include <http/response.hpp>
#include <http/router.hpp>

namespace atrium::app {

/// GraphiQL, or a page that says that it was left out of this build.
[[nodiscard]] http::response graphiql_page(const http::request& q);

/// What pages load.
void add_asset_routes(http::router& to);

} // namespace atrium::app
