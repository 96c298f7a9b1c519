#pragma once

#include <http/request.hpp>

#include <string_view>

namespace atrium::http {

/// A POST with a body. The result contains views of the arguments, so the arguments must outlive the result.
inline request some_post(std::string_view content_type, std::string_view body) {
    request q{.method = verb::post, .body = body};
    q.headers.add({"Content-Type", content_type});
    return q;
}

inline request some_get(std::string_view query) {
    return {.method = verb::get, .query = query};
}

} // namespace atrium::http
