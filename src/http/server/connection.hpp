#pragma once

#include "framing/framer.hpp"
#include "sockets/tcp.hpp"
#include "sockets/upgraded_stream.hpp"

#include <http/response.hpp>
#include <http/router.hpp>
#include <http/stream.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace atrium::http {

class worker;

/// One client's connection, on the thread of the worker that accepted it. Owned by its coroutine, `serve`; the worker looks at
/// it every tick.
///
/// It frames every whole request that has come in, answers one after the other, sends the answers in one write and only then
/// reads on: a client that does not read is not read from.
class connection {
public:
    connection(worker& on, tcp_socket socket);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    [[nodiscard]] awaitable<> serve();
    /// To be bound to that coroutine: by it a handler is told to stop.
    [[nodiscard]] asio::cancellation_slot slot() noexcept { return cancel_.slot(); }

    // Each may end the connection, and with it this object.

    /// Enforces the deadline of the present phase.
    void check(std::chrono::steady_clock::time_point now);
    /// Closes it if it is idle; it ends with its answer if not. A streamed body or a WebSocket says goodbye.
    void drain();
    void cut();

    std::size_t place = 0; ///< among the worker's connections; the worker's

private:
    using time_point = std::chrono::steady_clock::time_point;

    /// What it is waiting for. Each has its own deadline, which begins with it and is not renewed by a byte that comes or goes.
    enum class phase {
        none, ///< nothing: it is running
        idle,
        header,
        body,
        handling,
        overdue, ///< the handler was told to stop and has not ended yet
        left,    ///< as before, and nobody waits for its answer any more
        write,
        drain, ///< reading what nobody wants, so that the client can read the answer
    };

    enum class then { read, go_on, close };

    awaitable<then> answer_batch();
    awaitable<bool> answer();
    awaitable<response> run_handler(const route& r);
    awaitable<bool> go_on(const router::match& match, const response& answer);
    awaitable<bool> stream_body(const route& r, const body_producer& produce);
    awaitable<bool> become_web_socket(const router::match& match, const response& answer);
    awaitable<bool> receive();
    awaitable<bool> flush();
    awaitable<> linger();

    void enter(phase p);
    void begin_answer();
    [[nodiscard]] router::match find_route();
    [[nodiscard]] response refused_by_policy(const refusal& why);
    [[nodiscard]] response answer_from_table(const router::match& match) const;
    [[nodiscard]] response answer_for_failure(std::exception_ptr failure, const route& r) const;
    [[nodiscard]] std::optional<response> refuse_by_head(router::match& match);
    [[nodiscard]] bool may_send_body();
    [[nodiscard]] bool finish_answer(const router::match& match, const response& answer);
    void append(const response& answer, bool keep_alive);
    void refuse(const refusal& why);
    void answer_overdue();
    void log_answer(const router::match& match, const response& answer, std::chrono::steady_clock::duration took) const;
    [[nodiscard]] bool client_has_left(time_point now);
    void ask_client();
    [[nodiscard]] bool has_arrived(); ///< anything that was not received yet
    [[nodiscard]] bool has_unread_input();
    void close() noexcept;
    void stop_handler();

    worker& worker_;
    tcp_socket socket_;
    std::optional<asio::ip::address> counted_address_; ///< where the server counts addresses
    bool admitted_ = true;
    framer framer_;
    http::request request_;
    std::string output_; ///< answers not yet sent
    std::size_t answers_ = 0;

    phase phase_ = phase::none;
    time_point deadline_ = time_point::max();
    time_point started_{}; ///< the present request's answer

    upgraded_stream* upgraded_ = nullptr; ///< while there is one, all deadlines are its own
    bool expired_ = false;                ///< the header or body did not come in time
    bool told_to_stop_ = false;           ///< the present handler
    bool answered_ = false;               ///< the present handler's request, without it
    bool asked_client_ = false;           ///< whether it is still there, during the present request
    bool gone_ = false;                   ///< the socket is closed or nobody is at its other end
    bool refused_ = false;                ///< there may be input that nobody read
    asio::cancellation_signal cancel_;
};

} // namespace atrium::http
