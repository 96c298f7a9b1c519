#pragma once

#include <base/awaitable.hpp>
#include <http/request.hpp>
#include <http/response.hpp>
#include <http/stream.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

/// Server-sent events as the WHATWG HTML standard defines them (section 9.2), on a streamed body.
namespace atrium::http {

/// One event. The caller must ensure that all text is UTF-8.
struct server_sent_event {
    std::string_view event = {};             ///< the type; empty means "message". No line breaks.
    std::string_view data = {};              ///< any number of lines, ended by CRLF, LF or CR
    std::optional<std::string_view> id = {}; ///< returned as Last-Event-ID by a client that reconnects. No line breaks or NUL.
    std::optional<std::chrono::milliseconds> retry = {}; ///< how long a client waits before it reconnects
};

/// Appends the event in its wire format. Throws std::invalid_argument if the type or id contains a character that would break
/// that format.
void append_event(std::string& out, const server_sent_event& e);

/// Sends a producer's events. Lives as long as its `body_writer`, whose rules apply: a call waits while the client does not
/// read, and throws once the client no longer receives the body.
class event_stream {
public:
    explicit event_stream(body_writer& writer) : writer_{writer} {}
    event_stream(const event_stream&) = delete;
    event_stream& operator=(const event_stream&) = delete;

    [[nodiscard]] awaitable<> send(server_sent_event e);

    /// Sends several events in one piece. `events` is in the format of `append_event`.
    [[nodiscard]] awaitable<> send_rendered(std::string_view events) { return writer_.write(events); }

    /// Sends a comment, which clients ignore. `text` must not contain line breaks.
    [[nodiscard]] awaitable<> comment(std::string_view text);

    /// Sends an id without an event: a client that reconnects returns the id as Last-Event-ID. `id` must not contain line
    /// breaks or NUL.
    [[nodiscard]] awaitable<> send_id(std::string_view id);

    /// From now on, the id that `last_id` returns is sent to keep the connection alive, instead of a comment. So a client has a
    /// recent id even if it has received no event for a long time. If the id is empty, a comment is sent. `last_id` must follow
    /// the rules for `make_piece` of `body_writer::set_keep_alive`, and its result must not contain line breaks or NUL.
    void set_keep_alive_id(std::function<std::string()> last_id);

    /// Sets the comment that is sent last when the server shuts down. A client ignores it and reconnects after its retry time.
    /// `text` must not contain line breaks.
    void set_farewell(std::string_view text);

private:
    body_writer& writer_;
};

/// Like `body_producer`, for events. When a stream ends, a browser's `EventSource` reconnects after its retry time.
using event_producer = std::function<awaitable<>(event_stream&)>;

/// 200 with `text/event-stream`, which caches must not store and proxies must not buffer. After each period of
/// `stream_settings::keep_alive` in which nothing was sent, the server sends a comment, or an id if the producer has called
/// `set_keep_alive_id`.
[[nodiscard]] response server_sent_events(event_producer produce);

/// Like the function above, for events that are already known, in the format of `append_event`. The result is an ordinary
/// response, which is sent completely even if the server shuts down in the meantime.
[[nodiscard]] response server_sent_events(std::string events);

/// The id of the last event that a reconnecting client has received; empty if the request has none.
[[nodiscard]] std::string_view last_event_id(const request& q);

} // namespace atrium::http
