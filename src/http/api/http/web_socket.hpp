#pragma once

#include <base/awaitable.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The server side of WebSockets (RFC 6455). Extensions are not offered: no compression.
namespace atrium::http {

/// Why a socket is closed (RFC 6455, 7.4, and the IANA registry). Codes 4000 to 4999 are for applications.
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t unsupported_data = 1003;
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t policy_violation = 1008;
inline constexpr std::uint16_t message_too_big = 1009;
inline constexpr std::uint16_t internal_error = 1011;
inline constexpr std::uint16_t try_again_later = 1013;
} // namespace close_code

/// An open WebSocket that carries text. Belongs to the connection and lives until its session has ended. Used only on its
/// worker's thread; several coroutines there may send, one receives.
///
/// The server itself answers pings, pings a silent peer, and cuts a peer that stays silent or does not take a message within
/// `deadlines::write`. It closes the socket after frames that break the protocol (1002), binary messages (1003), text that is
/// not UTF-8 (1007) and messages larger than `web_socket_settings::message` (1009).
///
/// When the server shuts down, the session receives no more messages, but may still send: it finishes its current work and
/// returns, and the socket is closed with 1001. If it has not returned within `deadlines::handler`, the socket is closed
/// nevertheless.
class web_socket {
public:
    virtual ~web_socket() = default;

    /// The negotiated subprotocol; empty if client and server have none in common.
    [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;

    /// The next message. Empty once either side closes the socket or the server shuts down: the session then finishes its
    /// current work and returns. While a message waits to be received, nothing more is read from the peer, so a session should
    /// receive again soon.
    [[nodiscard]] virtual awaitable<std::optional<std::string>> receive() = 0;

    /// Puts a message into the send queue without waiting. If the queue is not empty and would exceed
    /// `web_socket_settings::unsent` bytes, the peer is too slow: the queue is discarded and the socket closed by
    /// `web_socket_options::too_slow`. Returns false if the message will not be sent.
    virtual bool send(std::string message) = 0;

    /// Waits until the queue has room for a message of `size` bytes: for a sender with more data than the queue holds. It must
    /// be called before each message, which must be sent before the sender waits for anything else. A message larger than the
    /// whole queue has room if the queue is empty. Returns false if the socket is closing.
    ///
    /// If no message leaves the queue for `web_socket_options::patience` while a sender waits, the peer is too slow as well;
    /// messages that were queued before are still sent. A message larger than the whole queue is exempt from `patience`: only
    /// `deadlines::write` applies to it, as to every other.
    [[nodiscard]] virtual awaitable<bool> wait_for_room(std::size_t size) = 0;

    /// Whether `wait_for_room` would return without waiting. False if the socket is closing.
    [[nodiscard]] virtual bool has_room(std::size_t size) const noexcept = 0;

    /// Reports how many bytes of messages the session holds until the queue has room. While memory is short, the connection
    /// that holds most memory and whose client reads nothing is closed.
    virtual void set_waiting(std::size_t bytes) = 0;

    /// Closes after the queued messages were sent. Further messages of the peer are dropped. A reason is UTF-8 and cut to 123
    /// bytes. Has no effect if the socket is already closing.
    virtual void close(std::uint16_t code, std::string_view reason = {}) = 0;

    /// Whether messages can still be sent.
    [[nodiscard]] virtual bool is_open() const noexcept = 0;

protected:
    web_socket() = default;
    web_socket(const web_socket&) = default;
    web_socket& operator=(const web_socket&) = default;
};

/// What a handler does with an open socket. Runs on the worker's thread without a time limit, and is kept until it has ended,
/// so it may be a lambda with captures. The request is kept as long. When it returns, the socket is closed with 1000 (1001 if
/// the server shuts down). When it throws, the socket is closed with 1011, and the exception is logged. Every other coroutine
/// that uses the socket must have ended before.
///
/// A session that has not ended `deadlines::handler` after its socket is cancelled: its current wait, and each further one,
/// ends with an exception (operation_aborted). The same happens if the server cuts the connection at the end of its shutdown.
using web_socket_session = std::function<awaitable<>(web_socket&)>;

struct web_socket_close {
    std::uint16_t code = close_code::normal;
    std::string reason = {};
};

struct web_socket_options {
    /// The subprotocols of the server in order of preference: the first one that the client offers is selected.
    std::vector<std::string> subprotocols = {};
    web_socket_close too_slow = {close_code::try_again_later, "messages were not read in time"};
    /// How long the peer may take no message while another one waits for room.
    std::chrono::milliseconds patience{10'000};
};

/// Whether the request asks for a WebSocket: for routes that also answer other requests.
[[nodiscard]] bool wants_web_socket(const request& q);

/// Upgrades the connection to a WebSocket if the request and its origin allow it. Otherwise the client gets 426 (no upgrade to
/// a WebSocket, or a version other than 13), 400 (a malformed handshake, one with a body, or one that is followed by more
/// data), or 403 if a browser sends it for a page of an origin that is not allowed (`web_socket_settings::origins`).
[[nodiscard]] response web_socket_upgrade(web_socket_options options, web_socket_session session);

} // namespace atrium::http
