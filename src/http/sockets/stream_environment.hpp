#pragma once

#include "memory/worker_memory.hpp"
#include "sockets/live_metrics.hpp"

#include <base/log.hpp>
#include <http/server.hpp>

namespace atrium::http {

/// What a streamed body or a WebSocket needs of the worker that it runs on. Owned by the worker, which outlives its
/// connections; that worker's thread.
struct stream_environment {
    const http::settings& settings;
    const logger& log;
    const live_metrics metrics;
    worker_memory& memory;
    bool is_draining = false; ///< the server shuts down; does not change back
};

} // namespace atrium::http
