#pragma once

#include "framing/framer.hpp"
#include "framing/output_queue.hpp"
#include "memory/client_memory.hpp"
#include "server/connection_counter.hpp"
#include "server/connection_fsm.hpp"
#include "server/eviction_order.hpp"
#include "sockets/transport_socket.hpp"
#include "sockets/upgraded_stream.hpp"

#include <http/client_account.hpp>
#include <http/response.hpp>
#include <http/router.hpp>
#include <http/stream.hpp>

#include <boost/asio/cancellation_signal.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace atrium::http {

class worker;

/// One client's connection, on the thread of the worker that accepted it. The coroutine `serve` owns this object, and the
/// worker checks it at every tick.
///
/// It answers all requests that have arrived completely, one after the other, sends the responses in one write, and only then
/// reads again. So it does not read from a client that does not read its responses. `connection_fsm` contains the current state
/// and its deadline.
class connection {
public:
    /// `admission_refusal` is null if the client is served. Otherwise the client gets it as the only response or, with TLS, no
    /// response at all.
    connection(http::worker& worker, tcp_socket socket, connection_slot slot, const refusal* admission_refusal);
    ~connection();
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;

    [[nodiscard]] awaitable<> serve();
    /// Must be bound to the coroutine `serve`. It cancels the handler that runs in that coroutine.
    [[nodiscard]] asio::cancellation_slot cancellation_slot() noexcept { return cancel_.slot(); }

    // Functions for the worker. Those that are not const may end the connection and destroy this object.

    /// Enforces the deadline of the current state, and checks whether a client whose handler takes long is still there.
    void check(std::chrono::steady_clock::time_point now);
    /// Bytes that would be freed if the connection ended; 0 unless its client has made no progress for a second.
    [[nodiscard]] std::size_t stalled_bytes(std::chrono::steady_clock::time_point now) const noexcept;
    /// Closes the connection if it is idle; otherwise it ends after the current response. A streamed body or a WebSocket sends
    /// its farewell.
    void drain();
    /// Closes the connection, because its client makes no progress and memory is short.
    void close_stalled();
    /// Closes the connection immediately. A handler, producer or session that still runs is cancelled.
    void cut();

    /// The position of this connection in the order in which connections are closed for new ones; empty if it must not be
    /// closed.
    [[nodiscard]] std::optional<eviction_standing> standing() const noexcept { return standing_of(fsm_); }
    [[nodiscard]] const std::optional<address_group>& address() const noexcept { return slot_.address(); }
    /// Closes this connection for a new one, and gives its slot back. Returns false, without effect, if a request has arrived
    /// in the meantime.
    [[nodiscard]] bool try_evict();

    std::size_t place = 0;    ///< index among the worker's connections; set by the worker
    std::uint64_t serial = 0; ///< unique among all connections of the worker; set by the worker

private:
    using time_point = std::chrono::steady_clock::time_point;

    /// The step after a batch of answers: receiving more input, answering more of the requests that have arrived, or closing.
    enum class next_step { read, continue_, close };

    awaitable<bool> secure();
    awaitable<bool> wait_for_handshake();
    awaitable<bool> wait_for_record();
    awaitable<boost::system::error_code> shake_hands();
    awaitable<next_step> answer_batch();
    awaitable<bool> answer();
    awaitable<bool> admit_body();
    awaitable<response> run_handler(const route& r);
    awaitable<bool> continue_after_header(const router::match& match, response& answer);
    awaitable<bool> stream_body(const route& r, const body_producer& produce);
    awaitable<bool> become_web_socket(const router::match& match, response& answer);
    awaitable<bool> receive();
    awaitable<bool> flush();
    awaitable<boost::system::error_code> send_rest();
    awaitable<> linger();

    void apply(connection_event event, time_point now);
    void apply(connection_event event) { apply(event, std::chrono::steady_clock::now()); }
    [[nodiscard]] bool may_run_now(const route& r) const;
    void start_answer();
    void find_client();
    [[nodiscard]] router::match find_route();
    [[nodiscard]] response make_policy_refusal(const refusal& cause);
    [[nodiscard]] response answer_from_table(const router::match& match) const;
    [[nodiscard]] response answer_for_failure(std::exception_ptr failure, const route& r) const;
    awaitable<std::optional<response>> refuse_by_head(router::match& match);
    bool end_answer(const router::match& match, status sent);
    [[nodiscard]] bool finish_answer(const router::match& match, response& answer);
    std::size_t append(response& answer, bool keep_alive);
    [[nodiscard]] bool has_memory_for_input();
    [[nodiscard]] bool is_short_of_memory_for(const route& r) const;
    void clear_output();
    void refuse(const refusal& cause);
    void answer_overdue();
    void close_if_quiet();
    void record_exchange(std::string_view route, status sent, std::size_t body_bytes,
                         std::chrono::steady_clock::duration duration);
    void record_answer(const router::match& match, status sent, std::size_t body_bytes,
                       std::chrono::steady_clock::duration duration);
    void ask_client();
    [[nodiscard]] bool has_unread_input();
    void close() noexcept;
    void reset() noexcept;
    void cancel_handler();

    connection_slot slot_; ///< given back after everything else has ended
    http::worker& worker_;
    transport_socket socket_;
    const refusal* admission_refusal_;
    boost::asio::ip::address peer_; ///< a default address if the client had already left
    const std::shared_ptr<client_account> client_ = std::make_shared<client_account>();
    framer framer_;
    http::request request_;
    output_queue output_;  ///< responses that are not sent yet
    client_memory memory_; ///< memory for input and output
    std::size_t answer_count_ = 0;

    connection_fsm fsm_;
    time_point answer_began_{};           ///< when the server began to answer the current request
    upgraded_stream* upgraded_ = nullptr; ///< if not null, this stream enforces all deadlines
    bool may_have_unread_input_ = false;  ///< set after a refusal, when no more input is read
    asio::cancellation_signal cancel_;
};

} // namespace atrium::http
