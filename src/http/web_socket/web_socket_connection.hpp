#pragma once

#include "messages/continuation.hpp"
#include "sockets/stream_environment.hpp"
#include "sockets/tcp.hpp"
#include "sockets/upgraded_stream.hpp"

#include <base/wakeup.hpp>
#include <http/web_socket.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <cstddef>
#include <deque>
#include <exception>
#include <optional>
#include <string>

namespace atrium::http {

/// A WebSocket on an accepted connection. Three coroutines share it, on one thread: the session, which is the connection's own;
/// one that reads, so that pings, closes and the end are seen whatever the session does; and one that writes, so that there
/// is one writer. `run` waits for all of them. No timer of its own: the worker's tick enforces the deadlines.
class web_socket_connection final : public web_socket, public upgraded_stream {
public:
    /// `stops` is the coroutine in which `run` runs.
    web_socket_connection(const stream_environment& environment, tcp_socket socket, const web_socket_offer& offer,
                          asio::cancellation_signal& stops);
    ~web_socket_connection() override;
    web_socket_connection(const web_socket_connection&) = delete;
    web_socket_connection& operator=(const web_socket_connection&) = delete;

    /// Answers a request that `refuse_handshake` has passed: 101. False where the client has left.
    [[nodiscard]] awaitable<bool> accept(const request& q);

    /// The socket's whole life after that. `failure` is what the session threw of its own accord.
    [[nodiscard]] awaitable<> run(std::exception_ptr& failure);

    [[nodiscard]] std::string_view subprotocol() const noexcept override { return subprotocol_; }
    awaitable<std::optional<std::string>> receive() override;
    bool send(std::string message) override;
    awaitable<bool> wait_for_room(std::size_t size) override;
    [[nodiscard]] bool has_room(std::size_t size) const noexcept override;
    void close(std::uint16_t code, std::string_view reason) override;
    [[nodiscard]] bool is_open() const noexcept override { return !closing_since_ && !ended_at_; }

    void check(std::chrono::steady_clock::time_point now) override;
    void drain() override;
    void cut() override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    void start(awaitable<> half, const char* name);
    awaitable<> read_all();
    awaitable<> write_all();
    [[nodiscard]] bool take_message();
    void heard();
    [[nodiscard]] bool is_stuck(time_point now) const;
    void say_goodbye();
    void close_as_too_slow();
    void peer_closes(ending why);
    void end(ending why);
    void cut_off(ending why);
    void tell_everybody();
    [[nodiscard]] time_point closing_deadline() const;

    const stream_environment& environment_;
    const web_socket_offer& offer_;
    asio::cancellation_signal& stops_;
    boost::beast::websocket::stream<tcp_socket, false> stream_;
    std::string subprotocol_;

    boost::beast::flat_buffer arriving_;
    std::optional<std::string> received_; ///< and not yet taken by the session
    std::deque<std::string> queue_;       ///< the first is on its way while `writing_since_` is set
    std::size_t queued_bytes_ = 0;
    int waiting_for_room_ = 0;
    time_point moved_; ///< a message out of the queue; or the first began to wait
    bool ping_is_due_ = false;
    bool pinged_ = false;

    std::optional<time_point> draining_since_; ///< nothing is received any more
    web_socket_close closing_with_;
    std::optional<time_point> closing_since_; ///< `close` was called, or the peer has begun it
    bool close_is_sent_ = false;              ///< or on its way
    std::optional<time_point> writing_since_;
    std::optional<time_point> ended_at_; ///< nothing can be read or written any more
    time_point last_heard_;
    bool session_has_ended_ = false;
    bool told_to_stop_ = false; ///< the session
    ending ending_ = ending::none;
    int halves_ = 0; ///< of the two that read and write, those that run

    wakeup something_received_;
    wakeup message_taken_;
    wakeup something_to_write_;
    wakeup room_in_queue_;
    wakeup half_ended_;
};

} // namespace atrium::http
