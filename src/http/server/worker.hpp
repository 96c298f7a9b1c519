#pragma once

#include "server/connection.hpp"
#include "server/eviction_order.hpp"
#include "server/handshake_turns.hpp"
#include "server/listener.hpp"
#include "server/request_metrics.hpp"
#include "server/shared.hpp"
#include "sockets/stream_environment.hpp"

#include <base/run_queue.hpp>
#include <base/throttle.hpp>
#include <base/timer.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace atrium::http {

/// One thread with its own io_context and its own listening socket. Connections stay on the worker that accepts them and need
/// no lock; everything that workers share is in `shared`.
class worker {
public:
    /// Listens, but does not accept yet. Throws `listen_error`.
    worker(http::shared& shared, unsigned number, const tcp::endpoint& endpoint);
    ~worker();
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;

    // Functions for the server, which may be called on any thread.

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
    void start();
    void visit(std::function<void(executor)> function);
    /// Closes the listener and the idle connections; the others end after their current response.
    void drain();
    /// Ends every connection.
    void cut();
    /// Lets the thread finish its work, or stops it at `deadline`. Joins the thread.
    void finish(std::chrono::steady_clock::time_point deadline);

    // Functions for the worker's connections, which are called on its thread.

    [[nodiscard]] http::shared& common() noexcept { return shared_; }
    [[nodiscard]] request_metrics& metrics() noexcept { return request_metrics_; }
    [[nodiscard]] worker_memory& memory() noexcept { return memory_; }
    [[nodiscard]] const stream_environment& environment() const noexcept { return environment_; }
    [[nodiscard]] bool is_draining() const noexcept { return environment_.is_draining; }
    [[nodiscard]] const std::string& date() const noexcept { return date_; }
    /// The queue in which this worker's connections wait for their share of the thread's time.
    [[nodiscard]] run_queue& queue() noexcept { return queue_; }
    [[nodiscard]] handshake_turns& handshakes() noexcept { return handshakes_; }
    void next_request_id(std::string& id);
    /// Scratch space for input that is discarded. All connections of this worker read into it.
    [[nodiscard]] std::span<char> discard_buffer() noexcept { return discard_buffer_; }
    void add(connection& c);
    void forget(connection& c) noexcept;

private:
    struct newcomer;

    void run();
    awaitable<> accept_all();
    awaitable<newcomer> wait_for_newcomer();
    [[nodiscard]] newcomer accept_next();
    awaitable<> admit(newcomer n);
    void refuse(newcomer n, const refusal& cause);
    awaitable<> recover(const boost::system::error_code& failure);
    awaitable<> pause(std::chrono::milliseconds time);
    void report(const boost::system::error_code& failure);
    void adopt(newcomer n, connection_slot slot, const refusal* cause) noexcept;
    bool try_evict(eviction_order::address_filter filter);
    bool evict_next(eviction_order::address_filter filter);
    bool look_for_candidates(eviction_order::address_filter filter);
    void ask_others_to_evict(eviction_order::address_filter filter);
    void arm_tick();
    void tick();
    void relieve_memory(std::chrono::steady_clock::time_point now);
    [[nodiscard]] std::pair<connection*, std::size_t> find_largest_stalled(std::chrono::steady_clock::time_point now) const;
    void refresh_date();

    http::shared& shared_;
    const unsigned number_;
    request_metrics request_metrics_;
    worker_memory memory_;
    std::uint64_t seen_refusals_ = 0; ///< number of refused claims for memory at the last check
    stream_environment environment_;
    metrics::gauge open_connections_;
    metrics::counter closed_for_memory_;
    metrics::counter evicted_;
    metrics::counter accept_failures_;
    handshake_turns handshakes_;
    std::vector<connection*> connections_; ///< each is owned by its coroutine and has its index in `place`
    std::string date_;
    std::string id_prefix_;
    std::uint64_t last_id_ = 0;
    std::uint64_t last_serial_ = 0; ///< the serial number of the last connection
    eviction_order to_evict_;
    std::vector<eviction_candidate> candidates_; ///< scratch space
    std::size_t asked_worker_count_ = 0; ///< number of workers that were asked to close a connection and have not replied yet
    std::array<char, 16 * 1024> discard_buffer_;
    bool is_ticking_ = false;
    throttle accept_log_{1, std::chrono::seconds{10}};

    // The context must be destroyed after the objects that use it, and before the objects that its coroutines use.
    asio::io_context context_{1};
    asio::executor_work_guard<executor> work_{context_.get_executor()};
    run_queue& queue_{run_queue::of(context_)};
    tcp_acceptor acceptor_;
    steady_timer tick_{context_.get_executor()};
    steady_timer pause_{context_.get_executor()};

    std::promise<void> run_ended_;
    std::thread thread_;
};

} // namespace atrium::http
