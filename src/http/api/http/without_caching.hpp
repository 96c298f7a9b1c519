#pragma once

#include <http/response.hpp>

#include <utility>

namespace atrium::http {

/// Forbids everyone to keep a response, because it describes the current state or is meant for its recipient alone.
[[nodiscard]] inline response without_caching(response r) {
    r.set("Cache-Control", "no-store");
    return r;
}

} // namespace atrium::http
