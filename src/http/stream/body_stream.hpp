#pragma once

#include "memory/client_memory.hpp"
#include "sockets/stream_environment.hpp"
#include "sockets/transport_socket.hpp"
#include "sockets/upgraded_stream.hpp"

#include <http/stream.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::http {

/// Sends one body that is produced piece by piece. The object has no timer: the worker's tick enforces the write deadline,
/// checks whether the client is still there, and sends the keep-alive.
class body_stream final : public body_writer, public upgraded_stream {
public:
    struct connection_parts {
        const stream_environment& environment;
        transport_socket& socket;
        std::string& output;                ///< output that is not sent yet: earlier responses, and the header of this one
        asio::cancellation_signal& cancel;  ///< cancels the coroutine in which `run` runs
        bool is_chunked;                    ///< if false, the body ends with the connection
        const access::principal* principal; ///< the principal that receives the body; null if not known
    };
    explicit body_stream(const connection_parts& parts);
    ~body_stream() override;
    body_stream(const body_stream&) = delete;
    body_stream& operator=(const body_stream&) = delete;

    /// Sends the whole body. Returns false if the body has not reached its regular end; then the connection cannot be used any
    /// more. `failure` is set if the producer throws although it was not cancelled.
    [[nodiscard]] awaitable<bool> run(const body_producer& produce, std::exception_ptr& failure);

    awaitable<> write(std::string_view piece) override;
    void set_farewell(std::string piece) override { farewell_ = std::move(piece); }
    void set_keep_alive(std::function<std::string()> make_piece) override { make_keep_alive_ = std::move(make_piece); }

    [[nodiscard]] std::size_t stalled_bytes(std::chrono::steady_clock::time_point now) const noexcept override;
    void check(std::chrono::steady_clock::time_point now) override;
    void drain() override;
    void close_stalled() override;
    void cut() override;

private:
    using time_point = std::chrono::steady_clock::time_point;

    awaitable<> send();
    awaitable<bool> finish();
    void append(std::string_view piece);
    void send_what_fits();
    void stop(end_reason reason);
    void stop_producer(end_reason reason);

    const stream_environment& environment_;
    transport_socket& socket_;
    std::string& output_;
    client_memory memory_;
    asio::cancellation_signal& cancel_;
    const bool is_chunked_;
    const access::principal* const principal_;

    std::string farewell_;
    std::function<std::string()> make_keep_alive_; ///< empty unless it was set
    end_reason ending_ = end_reason::none;
    bool is_sending_ = false;
    bool is_stop_due_ = false;               ///< whether to cancel the producer once the current piece is sent
    std::size_t bytes_since_pause_ = 0;      ///< bytes sent without letting other connections run
    std::optional<time_point> unsent_since_; ///< the time since which the client has not received `output_`
    time_point last_sent_;
    time_point last_look_;          ///< when `check` last looked whether the client is still there
    bool has_asked_client_ = false; ///< whether a keep-alive was sent to a half-closed client, to find out if it is still there
};

} // namespace atrium::http
