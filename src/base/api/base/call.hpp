#pragma once

#include <chrono>
#include <string_view>

namespace atrium::resource {
class effect_recorder;
}

namespace atrium {

/// The request for which a service works. The functions of services, and of the interfaces that modules offer each other, take
/// it by reference. Its views live as long as the request.
struct call {
    std::string_view request_id = {};         ///< for the logs of this process and of others
    std::string_view principal = "anonymous"; ///< the name of the client, for records of its actions
    std::string_view traceparent = {}; ///< trace and span of this request (W3C Trace Context), for the events that it publishes
    /// After this time, no client waits for the result.
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    /// Stores the outcome of a request that the client may repeat (<resource/effect_recorder.hpp>), in the transaction that has
    /// the effect. Null for all other requests.
    resource::effect_recorder* recorder = nullptr;
};

} // namespace atrium
