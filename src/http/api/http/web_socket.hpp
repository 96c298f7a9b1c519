#pragma once

#include <access/principal.hpp>
#include <base/awaitable.hpp>
#include <http/request.hpp>
#include <http/response.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The server side of WebSockets (RFC 6455). The server supports no extensions of the protocol, so messages are not compressed.
namespace atrium::http {

/// The reasons for closing a WebSocket, as codes (RFC 6455, section 7.4, and the IANA registry). Applications may define codes
/// from 4000 to 4999.
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

/// An open WebSocket for text messages. The connection owns this object and keeps it until the session (`web_socket_session`)
/// has ended. It may be used only on the thread of the connection's worker, where several coroutines may send, but only one may
/// receive.
///
/// The server answers the peer's pings, and pings the peer after `web_socket_settings::ping` without input. It disconnects a
/// peer that sends nothing for `web_socket_settings::silence`, or that does not read a message within `deadlines::write`. It
/// closes the socket if the peer breaks the protocol (1002), or sends a binary message (1003), text that is not UTF-8 (1007), a
/// message larger than `web_socket_settings::message` (1009), or a message that takes longer than
/// `web_socket_settings::message_deadline` to arrive (1008).
///
/// When the server shuts down, the session receives no further messages, but may still send: it should finish its current work
/// and return. The socket is closed with 1001 when the session returns, at the latest after `deadlines::handler`.
class web_socket {
public:
    virtual ~web_socket() = default;

    /// The negotiated subprotocol; empty if client and server have none in common.
    [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;

    /// Waits for the next message. The result is empty once the socket is closing or disconnected, or the server shuts down:
    /// the session should then finish its current work and return. While a message waits to be received, the server reads
    /// nothing else from the peer, so a session should call this function again soon.
    [[nodiscard]] virtual awaitable<std::optional<std::string>> receive() = 0;

    /// Adds a message to the send queue without waiting. If the queue is not empty and would exceed
    /// `web_socket_settings::unsent` bytes with this message, the peer is considered too slow: the messages whose sending has
    /// not begun are discarded, and the socket is closed with `web_socket_options::too_slow`. Returns false if the message was
    /// not added.
    virtual bool send(std::string message) = 0;

    /// Waits until the send queue has space for a message of `size` bytes. This is for senders with more data than the queue
    /// can hold. They must call it before each message, and then send the message before they wait for anything else, because
    /// other coroutines could fill the queue in the meantime. If the queue is empty, it has space even for a message that
    /// exceeds its limit. Returns false if the socket is closing or disconnected.
    ///
    /// If no message leaves the queue for `web_socket_options::patience` while a sender waits here, the peer is also considered
    /// too slow, and the socket is closed with `web_socket_options::too_slow` after the queued messages have been sent.
    /// `patience` does not apply while a message larger than the limit of the queue is being sent. `deadlines::write` applies
    /// to every message.
    [[nodiscard]] virtual awaitable<bool> wait_for_room(std::size_t size) = 0;

    /// Whether `wait_for_room` would return true without waiting.
    [[nodiscard]] virtual bool has_room(std::size_t size) const noexcept = 0;

    /// Sets how many bytes of messages the session holds back until the queue has space. They count as memory of this
    /// connection: while memory is short, the server closes the connections that use the most memory, among those whose
    /// clients read nothing.
    virtual void set_waiting(std::size_t bytes) = 0;

    /// Closes the socket after the queued messages have been sent. Messages that arrive from now on are dropped. `reason` must
    /// be UTF-8, and is cut to at most 123 bytes. Has no effect if the socket is already closing.
    virtual void close(std::uint16_t code, std::string_view reason = {}) = 0;

    /// Sets the principal of the client, if the client presents its credential in a message. At first it is the principal of
    /// the request. Once the credential is no longer valid, the socket is closed with `web_socket_options::not_valid`.
    virtual void set_principal(std::shared_ptr<const access::principal> client) = 0;

    /// Whether messages can still be sent.
    [[nodiscard]] virtual bool is_open() const noexcept = 0;

protected:
    web_socket() = default;
    web_socket(const web_socket&) = default;
    web_socket& operator=(const web_socket&) = default;
};

/// A session: the coroutine in which a handler's code uses an open socket. It runs on the worker's thread without a time limit.
/// The function and the request are kept until the session has ended, so the function may be a lambda with captures. Unless the
/// socket is already closing, it is closed with 1000 when the session returns (1001 if the server shuts down), and with 1011
/// when the session throws. An exception is logged. All other coroutines that use the socket must end before the session does.
///
/// If a session is still running `deadlines::handler` after its socket has been disconnected, the session is cancelled: its
/// current wait, and each further wait, ends with an exception (`boost::system::system_error` with operation_aborted). The
/// session is also cancelled if the server cuts the connection at the end of its shutdown.
using web_socket_session = std::function<awaitable<>(web_socket&)>;

/// The content of a close frame.
struct web_socket_close {
    std::uint16_t code = close_code::normal;
    std::string reason = {};
};

struct web_socket_options {
    /// The subprotocols that the server supports, in order of preference. The first of them that the client offers is selected.
    std::vector<std::string> subprotocols = {};
    web_socket_close not_valid = {close_code::policy_violation, "the credential is no longer valid"};
    web_socket_close too_slow = {close_code::try_again_later, "messages were not read in time"};
    /// If a sender waits in `wait_for_room` for this long and no message leaves the queue, the peer is considered too slow.
    std::chrono::milliseconds patience{10'000};
};

/// Whether the request asks for an upgrade to a WebSocket. For routes that also answer other requests.
[[nodiscard]] bool wants_web_socket(const request& q);

/// Returns a response that upgrades the connection to a WebSocket if the request is a valid handshake and its origin is
/// allowed. Otherwise the client receives an error: 426 if the request does not ask for a WebSocket of version 13; 400 if the
/// handshake is malformed, has a body or is followed by more data; 403 if a browser sent it for a page of an origin that is not
/// allowed (`web_socket_settings::origins`).
[[nodiscard]] response web_socket_upgrade(web_socket_options options, web_socket_session session);

} // namespace atrium::http
