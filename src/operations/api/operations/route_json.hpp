#pragma once

#include <base/json_writer.hpp>
#include <http/router.hpp>

namespace atrium::operations {

/// A route, as the index and the console show it.
void show(json_writer& json, const http::route& r);

/// Its schema in the description of the API.
[[nodiscard]] http::named_schema route_schema();

} // namespace atrium::operations
