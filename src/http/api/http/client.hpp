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

/// Where another server answers: "http://127.0.0.1:8000", perhaps with a path in front of all its paths ("http://proxy/users").
struct base_url {
    std::string text;        ///< as it was given
    std::string host;        ///< a name or an IP address, without brackets
    std::uint16_t port = 80; ///< TCP
    std::string authority;   ///< host and port as a Host header has them: "[::1]:8000"
    std::string path;        ///< "" or "/users", percent-encoded, without a slash at its end
};

/// Errors: malformed, whose detail says what a base URL can be. TLS is not spoken: https is refused.
[[nodiscard]] result<base_url> parse_base_url(std::string_view text);

struct client_settings {
    std::string name;                          ///< the service, as its errors, log lines and metrics call it: "users"
    base_url url;                              ///< where it is
    std::chrono::milliseconds deadline{5'000}; ///< for a whole call: name lookup, connecting, all attempts, the answer
    unsigned attempts = 4;                     ///< at the most, on new connections
    std::chrono::milliseconds backoff{50};     ///< before the second attempt; doubled for each further one
    std::size_t header = 16 * 1024;            ///< bytes of an answer's header
    std::size_t body = 1024 * 1024;            ///< bytes of its decoded body
    std::size_t idle_connections = 64;         ///< kept by each thread for the next calls
    std::chrono::milliseconds idle{30'000};    ///< an older connection is not used again
};

/// What the other server answered; any status.
struct client_response {
    unsigned status = 0;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};

    /// The value of a header, without regard to case; empty where there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// How the other server did lately. An answer with a server error (5xx) counts as none.
struct client_state {
    std::optional<timestamp> last_answer;   ///< of the last call that was answered; empty: none was yet
    std::optional<timestamp> failing_since; ///< the first failure after it; empty where the last call was answered
};

/// Asks another server, by HTTP/1.1. Any thread that runs an io_context may ask.
///
/// A connection lives and dies on the thread that opened it, and is kept there for the next call. An idle one keeps no
/// io_context running and ends with it at the latest: there is nothing to stop. One that is too old, or that the other side has
/// closed, is closed by the next call on its thread; at most `idle_connections` wait for that.
///
/// GET alone, as it may be asked again: a kept connection that turns out dead is replaced at once; what fails on a new one is
/// tried again after a short pause, as long as attempts and deadline allow.
///
/// A coroutine that is told to stop stops the call: it ends with `operation_aborted` as an exception, its connection is closed.
class client {
public:
    /// `time` and `metrics` outlive it. An io_context on which it was used may outlive it, once its calls have ended.
    client(client_settings s, const clock& time, metrics::registry& metrics, logger log);
    ~client();
    client(const client&) = delete;
    client& operator=(const client&) = delete;

    /// `target` is path and query, percent-encoded: "/users/?username=ann". What is passed in must live until the answer is
    /// there. Errors: unavailable (no answer in time, or none that can be used), fit for a client's eyes; why, is logged when
    /// it begins and when it ends. Throws std::invalid_argument for a target or header that could end its line.
    ///
    /// The call ends at `deadline` if that comes before the one of the settings. This is no sign of how the service does: it
    /// is not logged, and does not change `state`.
    [[nodiscard]] awaitable<result<client_response>>
    get(std::string_view target, std::span<const field> headers = {},
        std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max());

    /// Any thread.
    [[nodiscard]] client_state state() const noexcept;

    [[nodiscard]] const base_url& url() const noexcept;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::http
