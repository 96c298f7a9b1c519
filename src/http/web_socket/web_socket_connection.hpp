#pragma once

#include "memory/client_memory.hpp"
#include "messages/continuation.hpp"
#include "sockets/stream_environment.hpp"
#include "sockets/transport_socket.hpp"
#include "sockets/upgraded_stream.hpp"
#include "web_socket/peer_liveness.hpp"
#include "web_socket/send_queue.hpp"
#include "web_socket/transport_teardown.hpp"
#include "web_socket/web_socket_fsm.hpp"

#include <base/notification.hpp>
#include <http/web_socket.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>

namespace atrium::http {

/// A WebSocket on an accepted connection. Three coroutines share it on one thread: the session, which runs in the connection's
/// own coroutine; one that reads, so that pings, closes and disconnects are handled whatever the session does; and one that
/// writes, so that there is a single writer. `run` waits for all of them. The object has no timer: the worker's tick enforces
/// the deadlines. `web_socket_fsm` contains the state of the socket and the deadline of that state.
class web_socket_connection final : public web_socket, public upgraded_stream {
public:
    /// `cancel` cancels the coroutine in which `run` runs. All references must outlive this object.
    web_socket_connection(const stream_environment& environment, transport_socket socket, const web_socket_offer& offer,
                          asio::cancellation_signal& cancel);
    ~web_socket_connection() override;
    web_socket_connection(const web_socket_connection&) = delete;
    web_socket_connection& operator=(const web_socket_connection&) = delete;

    /// Sends 101 for a request that `refuse_handshake` has accepted. Returns false if the client has left.
    [[nodiscard]] awaitable<bool> accept(const request& q);

    /// Runs the session until the socket is closed. `failure` is set if the session throws although it was not cancelled.
    [[nodiscard]] awaitable<> run(std::exception_ptr& failure);

    [[nodiscard]] std::string_view subprotocol() const noexcept override { return subprotocol_; }
    awaitable<std::optional<std::string>> receive() override;
    bool send(std::string message) override;
    awaitable<bool> wait_for_room(std::size_t size) override;
    [[nodiscard]] bool has_room(std::size_t size) const noexcept override;
    void set_waiting(std::size_t bytes) override { held_back_bytes_ = bytes; }
    void close(std::uint16_t code, std::string_view reason) override;
    [[nodiscard]] bool is_open() const noexcept override { return fsm_.may_send(); }
    void set_principal(std::shared_ptr<const access::principal> client) override { principal_ = std::move(client); }

    [[nodiscard]] std::size_t stalled_bytes(std::chrono::steady_clock::time_point now) const noexcept override;
    void check(std::chrono::steady_clock::time_point now) override;
    void drain() override;
    void close_stalled() override;
    void cut() override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    class write_watch;

    void apply(web_socket_event event, end_reason cause);
    void begin_close(std::uint16_t code, std::string_view reason, end_reason cause);
    void close_socket() noexcept;
    void start(awaitable<> coroutine, asio::cancellation_signal& abort, const char* name);
    void abort_operations();
    awaitable<> read_all();
    awaitable<> write_all();
    awaitable<bool> write_front();
    awaitable<> write_close();
    awaitable<bool> write_ping();
    [[nodiscard]] bool take_message();
    [[nodiscard]] bool has_memory_for_input();
    void watch_message(std::size_t count, time_point now);
    void watch_output();
    void close_as_too_slow();
    void check_peer(time_point now);
    void wake_all();

    const stream_environment& environment_;
    const web_socket_offer& offer_;
    asio::cancellation_signal& cancel_;
    boost::beast::websocket::stream<transport_socket, false> stream_;
    std::string subprotocol_;
    std::shared_ptr<const access::principal> principal_;

    web_socket_fsm fsm_;
    peer_liveness liveness_;
    send_queue queue_; ///< while `write_deadline_` is set, Beast may still access the first message
    web_socket_close close_reason_;
    time_point write_deadline_ = time_point::max(); ///< the deadline for the frame or the 101 that is being written
    client_memory memory_;
    /// Measures whether the peer reads the messages of this server. `memory_.progress` measures whether the peer completes the
    /// message that it is sending.
    progress_watch output_progress_;
    std::size_t unacknowledged_ = 0;               ///< number of unacknowledged bytes at the last check
    std::size_t held_back_bytes_ = 0;              ///< bytes of messages that the session holds back
    time_point message_began_ = time_point::max(); ///< when the arriving message began
    boost::beast::flat_buffer arriving_message_;
    std::optional<std::string> received_message_; ///< a message that the session has not taken with `receive`
    end_reason ending_ = end_reason::none;        ///< the first reason for the end
    asio::cancellation_signal abort_reading_;
    asio::cancellation_signal abort_writing_;
    int coroutine_count_ = 0; ///< number of running coroutines that read or write

    notification something_received_;
    notification message_taken_;
    notification something_to_write_;
    notification space_in_queue_;
    notification coroutine_ended_;
};

} // namespace atrium::http
