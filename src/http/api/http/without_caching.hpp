#pragma once

#include <http/response.hpp>

#include <utility>

namespace atrium::operations {

/// Marks a response as not cacheable, because it describes the current state.
[[nodiscard]] inline http::response without_caching(http::response r) {
    r.set("Cache-Control", "no-store");
    return r;
}

} // namespace atrium::operations
