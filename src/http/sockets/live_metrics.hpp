#pragma once

#include <metrics/registry.hpp>

#include <string>

namespace atrium::http {

/// Why a streamed body or a WebSocket ended; the label of the counters below.
enum class end_reason {
    none,        ///< it has not ended
    finished,    ///< the handler ended it regularly
    client_left, ///< includes a regular close of a WebSocket by the client
    too_slow,    ///< the client did not read in time
    silent,      ///< a WebSocket's peer sent nothing for too long
    refused,     ///< a WebSocket's peer broke the protocol or a limit, or the credential is no longer valid
    shutdown,
    failed, ///< the handler threw an exception
};

/// Counts open streamed bodies and WebSockets. When one ends, its reason is counted first, and then the number of open ones
/// decreases. So when that number is 0, the counters contain every end. Cheap to copy; any thread.
class live_metrics {
public:
    explicit live_metrics(metrics::registry& registry)
        : registry_{registry}, streams_{registry.gauge("atrium_http_streams", "Open streamed bodies")},
          web_sockets_{registry.gauge("atrium_http_web_sockets", "Open WebSockets")} {
        // The series should exist before the first stream ends.
        for (int reason = 0; reason <= static_cast<int>(end_reason::failed); ++reason) {
            (void)streams_ended(static_cast<end_reason>(reason));
            (void)web_sockets_ended(static_cast<end_reason>(reason));
        }
    }

    void stream_opened() const { streams_.add(1); }
    void stream_ended(end_reason reason) const {
        streams_ended(reason).increment();
        streams_.add(-1);
    }
    void web_socket_opened() const { web_sockets_.add(1); }
    void web_socket_ended(end_reason reason) const {
        web_sockets_ended(reason).increment();
        web_sockets_.add(-1);
    }

private:
    static std::string name_of(end_reason reason) {
        switch (reason) {
        case end_reason::none: break;
        case end_reason::finished: return "finished";
        case end_reason::client_left: return "client_left";
        case end_reason::too_slow: return "too_slow";
        case end_reason::silent: return "silent";
        case end_reason::refused: return "refused";
        case end_reason::shutdown: return "shutdown";
        case end_reason::failed: return "failed";
        }
        return "cut"; // the worker ended before the stream did
    }
    [[nodiscard]] metrics::counter streams_ended(end_reason reason) const {
        return registry_.counter("atrium_http_streams_ended_total", "Streamed bodies that have ended",
                                 {{"reason", name_of(reason)}});
    }
    [[nodiscard]] metrics::counter web_sockets_ended(end_reason reason) const {
        return registry_.counter("atrium_http_web_sockets_ended_total", "WebSockets that have ended",
                                 {{"reason", name_of(reason)}});
    }

    metrics::registry& registry_;
    metrics::gauge streams_;
    metrics::gauge web_sockets_;
};

} // namespace atrium::http
