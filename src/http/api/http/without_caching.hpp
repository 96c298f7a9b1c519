#pragma once

#include <http/response.hpp>

#include <utility>

namespace atrium::http {

/// Forbids all caches to store a response, because it describes the current state or is meant only for its recipient.
[[nodiscard]] inline response without_caching(response r) {
    r.set("Cache-Control", "no-store");
    return r;
}

} // namespace atrium::http
