#pragma once

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/log.hpp>
#include <http/fields.hpp>
#include <metrics/registry.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::http {

/// The base URL of another server: "https://127.0.0.1:8000", optionally with a prefix for all paths ("http://proxy/users").
struct base_url {
    std::string text;        ///< the URL as it was configured
    bool is_secure = false;  ///< https
    std::string host;        ///< a name or an IP address, without brackets
    std::uint16_t port = 80; ///< TCP port
    std::string authority;   ///< host and port in the form of a Host header: "[::1]:8000"
    std::string path;        ///< "" or "/users", percent-encoded, without a slash at its end

    /// Whether requests to this URL leave this machine without TLS, so that anyone on the way can read and change them.
    [[nodiscard]] bool is_exposed() const;
};

/// Errors: malformed, with a detail that describes a valid base URL.
[[nodiscard]] result<base_url> parse_base_url(std::string_view text);

struct client_settings {
    std::string name;       ///< the name of the service in errors, log lines and metrics: "users"
    base_url url;           ///< address of the service
    std::string trust = {}; ///< PEM file with authorities in addition to those of the system, for https
    std::chrono::milliseconds deadline{
        5'000};                             ///< limit for a whole call: name lookup, connecting, all attempts, and the response
    unsigned attempts = 4;                  ///< maximum number of attempts on new connections
    std::chrono::milliseconds backoff{50};  ///< the pause before the second attempt; it doubles before each further attempt
    std::size_t header = 16 * 1024;         ///< maximum size of a response header in bytes
    std::size_t body = 1024 * 1024;         ///< maximum size of a decoded response body in bytes
    std::size_t idle_connections = 64;      ///< maximum number of connections that each thread keeps for later calls
    std::chrono::milliseconds idle{30'000}; ///< how long a connection may be idle and still be used again
};

/// The response of the other server, with any status.
struct client_response {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};

    /// The value of a header, whose name is compared without regard to case; empty if there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Recent success or failure of the other server. A response with a server error (5xx) counts as a failure.
struct client_state {
    std::optional<timestamp> last_answer;   ///< end of the last successful call; empty if no call has succeeded yet
    std::optional<timestamp> failing_since; ///< first failure since the last successful call; empty if there was none
    std::string reason = {};                ///< the reason of the last failure; empty if `failing_since` is empty
};

/// Sends requests to another server by HTTP/1.1. Any thread that runs an io_context may call it.
///
/// A connection stays on the thread that opened it, and is kept there for the next call. An idle connection does not keep its
/// io_context running, and is closed when the io_context is destroyed, so the client needs no stop function. While a call looks
/// for a connection to use, it closes those connections of its thread that have been idle for too long or that the other side
/// has closed. Each thread keeps at most `client_settings::idle_connections` connections.
///
/// With https, the certificate of the other server must be signed by a trusted authority and be valid for the host of the URL.
/// If it is not, the call fails and is not tried again.
///
/// Only GET is supported, because it can be repeated safely. If a kept connection turns out to be dead, the request is repeated
/// immediately on a new one. If a new connection cannot be opened, or breaks before the response is complete, the request is
/// tried again after a short pause, as long as `client_settings::attempts` and the deadline allow it.
///
/// Cancelling the calling coroutine cancels the call: `get` throws `operation_aborted`, and the connection is closed.
class client {
public:
    /// `time` and `metrics` must outlive the client. All calls must have ended before the client is destroyed, but the
    /// io_contexts on which they ran may outlive it. Throws `certificate_error` (<http/certificate.hpp>) if the file `trust`
    /// cannot be used.
    client(client_settings s, const clock& time, metrics::registry& metrics, logger log);
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// `target` is path and query, percent-encoded: "/users/?username=ann". The arguments must live until the call has ended.
    /// Errors: unavailable (no usable response in time), with a detail that may be shown to clients. The first failure is
    /// logged with its cause. The first success after a failure is logged as well. Throws std::invalid_argument for a target
    /// that does not begin with a slash or contains a blank, CR, LF or NUL, and for a header that contains CR, LF or NUL.
    ///
    /// The call ends at `deadline` if that is before the deadline of the settings. Such a timeout is not a failure of the
    /// service: it is not logged, and does not change `state`.
    [[nodiscard]] awaitable<result<client_response>>
    get(std::string_view target, std::span<const field> headers = {},
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

    /// Any thread.
    [[nodiscard]] client_state state() const;

    [[nodiscard]] const base_url& url() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::http
