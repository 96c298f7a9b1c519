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

/// WebSockets (RFC 6455), the server's side. Extensions are not offered: no compression.
namespace atrium::http {

/// Why a socket is closed (RFC 6455, 7.4, and IANA's registry). Applications have 4000 to 4999 for their own.
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

/// An open WebSocket that carries text. Belongs to the connection and lives until its session has ended. Its worker's thread
/// only; several coroutines there may send, one receives.
///
/// The server itself answers pings, pings a peer that is silent, and cuts one that stays silent or does not take a message in
/// `deadlines::write`. It refuses by closing: frames that break the protocol (1002), binary messages (1003), text that is no
/// UTF-8 (1007), messages beyond `web_socket_settings::message` (1009).
///
/// When the server shuts down the session hears no more, but may still send: so it finishes what it is at, and ends, upon which
/// the socket is closed with 1001. One that has not ended `deadlines::handler` later has its socket closed all the same.
class web_socket {
public:
    virtual ~web_socket() = default;

    /// The one that was agreed on; empty where client and server have none in common.
    [[nodiscard]] virtual std::string_view subprotocol() const noexcept = 0;

    /// The next message; empty once the socket is closing, whoever began it, or the server shuts down: the session then ends
    /// what it has begun, and itself. While a message waits to be received nothing more is read from the peer, so a session
    /// comes back soon.
    [[nodiscard]] virtual awaitable<std::optional<std::string>> receive() = 0;

    /// Puts a message into the queue of what is to be sent; does not wait. Where the queue is not empty and would hold more
    /// than `web_socket_settings::unsent` bytes the peer is too slow: what waits is thrown away and the socket closed by
    /// `web_socket_options::too_slow`. False where the message will not be sent.
    virtual bool send(std::string message) = 0;

    /// Waits until the queue takes a message of `size` bytes: for those who have more to send than it holds, who ask before
    /// each message and send it before they wait for anything else. A message that is larger than the queue may be finds room
    /// where it is empty. False where the socket is closing.
    ///
    /// Where no message leaves the queue for `web_socket_options::patience` while somebody waits, the peer is too slow as well;
    /// what was sent before is still its own. A message that is larger than the queue may be is not hurried by those who wait
    /// behind it: it has `deadlines::write`, as every other.
    [[nodiscard]] virtual awaitable<bool> wait_for_room(std::size_t size) = 0;

    /// Whether `wait_for_room` would not have to wait. False where the socket is closing.
    [[nodiscard]] virtual bool has_room(std::size_t size) const noexcept = 0;

    /// How many bytes the session keeps in messages that wait for room. While memory is short, the connection that holds most
    /// and whose client takes nothing is closed.
    virtual void set_waiting(std::size_t bytes) = 0;

    /// Closes after what was sent before. Further messages of the peer are dropped. A reason is UTF-8 and cut to 123 bytes.
    /// Without effect where it is closing already.
    virtual void close(std::uint16_t code, std::string_view reason = {}) = 0;

    /// Whether messages can still be sent.
    [[nodiscard]] virtual bool is_open() const noexcept = 0;

protected:
    web_socket() = default;
    web_socket(const web_socket&) = default;
    web_socket& operator=(const web_socket&) = default;
};

/// What a handler does with an open socket. Runs on the worker's thread for as long as it likes, and is kept until it has
/// ended, so it may be a lambda with captures. The request is kept as long. When it ends the socket is closed with 1000 (1001
/// where the server shuts down), when it throws with 1011, and the exception goes to the log. Every other coroutine that uses
/// the socket must have ended before.
///
/// A session that has not ended `deadlines::handler` after its socket is told to stop: what it waits for, and each further
/// wait, ends with an exception (operation_aborted). So is one whose connection the server cuts at the end of its shutdown.
using web_socket_session = std::function<awaitable<>(web_socket&)>;

struct web_socket_close {
    std::uint16_t code = close_code::normal;
    std::string reason = {};
};

struct web_socket_options {
    /// What the server speaks, the best first: the first of these that the client offers is agreed on.
    std::vector<std::string> subprotocols = {};
    web_socket_close too_slow = {close_code::try_again_later, "messages were not read in time"};
    /// How long the peer may take no message while another waits for room.
    std::chrono::milliseconds patience{10'000};
};

/// Whether the request asks for a WebSocket: for routes that have something else to show to others.
[[nodiscard]] bool wants_web_socket(const request& q);

/// Makes the connection a WebSocket, if the request and where it comes from allow it. Otherwise the client gets 426 (no upgrade
/// to a WebSocket, or another version than 13), 400 (a malformed handshake, one with a body, one with more behind it), or 403
/// where a browser asks for a page of an origin that may not (`web_socket_settings::origins`).
[[nodiscard]] response web_socket_upgrade(web_socket_options options, web_socket_session session);

} // namespace atrium::http
