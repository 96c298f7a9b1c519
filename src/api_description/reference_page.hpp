#pragma once

#include <http/router.hpp>

namespace atrium::api_description {

/// The page /docs, on which people read the OpenAPI document and send requests. Without the CMake option ATRIUM_WEB, this
/// program does not contain the page, and no routes are added.
void add_reference_page(http::router& router);

} // namespace atrium::api_description
