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

/// One event. All text is UTF-8, which is the caller's care.
struct server_sent_event {
    std::string_view event = {};             ///< its type; empty is "message". No line breaks.
    std::string_view data = {};              ///< any number of lines, ended by CRLF, LF or CR
    std::optional<std::string_view> id = {}; ///< what a client sends as Last-Event-ID when it returns. No line breaks or NUL.
    std::optional<std::chrono::milliseconds> retry = {}; ///< how long a client waits before it returns
};

/// Appends the event as it goes over the wire. Throws std::invalid_argument for a type or id that would break it.
void append_event(std::string& out, const server_sent_event& e);

/// Where a producer's events go. Lives as long as its `body_writer`, whose rules hold: it waits while the client does not read,
/// and throws where nobody does any more.
class event_stream {
public:
    explicit event_stream(body_writer& to) : to_{to} {}
    event_stream(const event_stream&) = delete;
    event_stream& operator=(const event_stream&) = delete;

    [[nodiscard]] awaitable<> send(server_sent_event e);

    /// Several at once, as `append_event` made them.
    [[nodiscard]] awaitable<> send_rendered(std::string_view events) { return to_.write(events); }

    /// A line that clients skip. No line breaks.
    [[nodiscard]] awaitable<> comment(std::string_view text);

    /// An id without an event: a client that returns sends it as Last-Event-ID. No line breaks or NUL.
    [[nodiscard]] awaitable<> send_id(std::string_view id);

    /// The keep-alive becomes the id that `last_id` returns, in place of a comment: a client that receives no event for long
    /// still knows a recent id. If that is empty, a comment is sent. `last_id` follows the rules of
    /// `body_writer::set_keep_alive`; its text has no line breaks or NUL.
    void set_keep_alive_id(std::function<std::string()> last_id);

    /// The comment that is sent last where the server shuts down: a client skips it, and returns after its retry time. No line
    /// breaks.
    void set_farewell(std::string_view text);

private:
    body_writer& to_;
};

/// As `body_producer`, for events. A stream that ends by itself makes an `EventSource` ask again after its retry time.
using event_producer = std::function<awaitable<>(event_stream&)>;

/// 200 with `text/event-stream` that nobody may keep or buffer. A comment is sent at each `stream_settings::keep_alive` of
/// silence, unless the producer has set an id for that.
[[nodiscard]] response server_sent_events(event_producer produce);

/// The same with events that are all known already, as `append_event` made them: an ordinary answer, which is sent whole also
/// where the server shuts down meanwhile.
[[nodiscard]] response server_sent_events(std::string events);

/// The id of the last event that a returning client has seen; empty where it says nothing of it.
[[nodiscard]] std::string_view last_event_id(const request& q);

} // namespace atrium::http
