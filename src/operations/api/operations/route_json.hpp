#pragma once

#include <base/json_writer.hpp>
#include <http/router.hpp>

namespace atrium::operations {

/// Writes a route, as the index (the response to /) and the console show it.
void show(json_writer& json, const http::route& r);

/// The schema of a route in the description of the API.
[[nodiscard]] http::named_schema route_schema();

} // namespace atrium::operations
