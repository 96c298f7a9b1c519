#pragma once

#include <chrono>
#include <string_view>

namespace atrium {

/// The request on whose behalf a service or a directory works: what each of their functions knows about it. Passed by
/// reference; its views live as long as the request.
struct call {
    std::string_view request_id = {};  ///< for logs, here and in other processes
    std::string_view traceparent = {}; ///< of the request's own span (W3C Trace Context); goes into events
    /// After this no client waits for the outcome.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

} // namespace atrium
