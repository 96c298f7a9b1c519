#pragma once

#include "memory/worker_memory.hpp"
#include "sockets/live_metrics.hpp"

#include <base/log.hpp>
#include <http/server.hpp>

namespace atrium::http {

/// The objects that a streamed body or a WebSocket needs from its worker. The worker owns this object, and outlives its
/// connections. Used on the worker's thread.
struct stream_environment {
    const http::settings& settings;
    const logger& log;
    const live_metrics metrics;
    worker_memory& memory;
    bool is_draining = false; ///< the server is shutting down; never reset
};

} // namespace atrium::http
