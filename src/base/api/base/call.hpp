#pragma once

#include <chrono>
#include <string_view>

namespace atrium {

/// Describes the request that a service or a directory works for; each of their functions takes it. Passed by reference; its
/// views live as long as the request.
struct call {
    std::string_view request_id = {};  ///< for logs, here and in other processes
    std::string_view traceparent = {}; ///< of the request's own span (W3C Trace Context); it is copied into events
    /// No client waits for the result after this.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
};

} // namespace atrium
