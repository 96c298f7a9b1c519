// The part of `worker` that accepts connections, and closes other connections to make room for them.
#include "server/worker.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>

#include <utility>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;

constexpr int max_accepted_at_once = 64; // after this many connections, other coroutines run
constexpr auto pause_without_descriptors = 100ms;
constexpr auto pause_at_limit = 50ms; // short, because a slot may become free in another worker

constexpr refusal too_many_from_address{status::service_unavailable, "connections_per_address",
                                        "there are too many connections from this address", 1s};
constexpr refusal address_has_its_share{
    status::service_unavailable, "address_share",
    "this address has used up its share of the connections, and none of them could be closed for the new one", 1s};

bool is_shortage(const error_code& failure) {
    using boost::system::errc::too_many_files_open_in_system;
    return failure == asio::error::no_descriptors || failure == too_many_files_open_in_system ||
           failure == asio::error::no_buffer_space || failure == asio::error::no_memory;
}

} // namespace

/// The result of accepting a connection.
struct worker::newcomer {
    tcp_socket socket;
    tcp::endpoint peer;
    error_code failure;
};

awaitable<> worker::accept_all() {
    while (!is_draining()) {
        auto next = co_await wait_for_newcomer();
        for (int count = 0; !is_draining() && next.failure != asio::error::would_block; next = accept_next()) {
            if (next.failure)
                co_await recover(next.failure);
            else
                co_await admit(std::move(next));
            if (++count == max_accepted_at_once)
                break;
        }
    }
    shared_.connections.listener_closed();
}

awaitable<worker::newcomer> worker::wait_for_newcomer() {
    newcomer n{.socket = tcp_socket{context_.get_executor()}, .peer = {}, .failure = {}};
    co_await acceptor_.async_accept(n.socket, n.peer, asio::redirect_error(use_awaitable, n.failure));
    co_return n;
}

worker::newcomer worker::accept_next() {
    newcomer n{.socket = tcp_socket{context_.get_executor()}, .peer = {}, .failure = {}};
    if (acceptor_.is_open())
        acceptor_.accept(n.socket, n.peer, n.failure);
    else
        n.failure = asio::error::would_block;
    return n;
}

/// If the maximum number of connections is open, closes another connection for the new one. If none can be closed, the new
/// connection waits without being read, and later ones wait in the listen queue. If the address of the new connection has used
/// up its share, only a connection of this address can be closed for it; if this is not possible, the new connection is
/// refused.
awaitable<> worker::admit(newcomer n) {
    const auto address = group_of(n.peer.address());
    while (!is_draining()) {
        switch (shared_.connections.try_open(address)) {
        case admission::admitted: co_return adopt(std::move(n), connection_slot{shared_.connections, address}, nullptr);
        case admission::address_has_max: co_return refuse(std::move(n), too_many_from_address);
        case admission::address_has_share:
            if (try_evict(address))
                continue;
            ask_others_to_evict(address);
            co_return refuse(std::move(n), address_has_its_share);
        case admission::full:
            if (try_evict({}))
                continue;
            ask_others_to_evict({});
            co_await pause(pause_at_limit);
        }
    }
}

/// Sends the refusal and closes the connection. Sends nothing if there is no slot for the connection.
void worker::refuse(newcomer n, const refusal& cause) {
    auto& counter = shared_.connections;
    if (counter.try_open_to_refuse() || (try_evict({}) && counter.try_open_to_refuse()))
        adopt(std::move(n), connection_slot{counter, {}}, &cause);
}

/// Handles the failure of an accept. The system can report that no file descriptor is left although no client is waiting,
/// because Linux allocates the descriptor before it looks for a connection. So this first waits for a client, and only then
/// closes another connection to free its descriptor.
awaitable<> worker::recover(const error_code& failure) {
    if (failure == asio::error::connection_aborted) // the client left before its connection was accepted
        co_return;
    if (is_shortage(failure)) {
        error_code ignored;
        co_await acceptor_.async_wait(tcp_acceptor::wait_read, asio::redirect_error(use_awaitable, ignored));
    }
    if (is_draining())
        co_return;
    report(failure);
    if (!is_shortage(failure) || !try_evict({}))
        co_await pause(pause_without_descriptors);
}

awaitable<> worker::pause(std::chrono::milliseconds time) {
    error_code cancelled;
    pause_.expires_after(time);
    co_await pause_.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

void worker::report(const error_code& failure) {
    accept_failures_.increment();
    if (accept_log_.pass())
        shared_.log.warning("connections cannot be accepted; this will be tried again", {{"reason", failure.message()}});
}

/// Starts to serve a connection, or to refuse it if `cause` is not null. A failure of one connection does not stop the worker
/// from accepting others.
void worker::adopt(newcomer n, connection_slot slot, const refusal* cause) noexcept try {
    auto accepted = std::make_unique<connection>(*this, std::move(n.socket), std::move(slot), cause);
    auto& c = *accepted;
    auto serving = c.serve();
    auto ended = [this, owner = std::move(accepted)](std::exception_ptr failure) mutable {
        owner.reset();
        pause_.cancel(); // because a new connection may be waiting for the slot
        if (failure)
            shared_.log.error("a connection failed", {{"reason", reason_of(failure)}});
    };
    asio::co_spawn(context_.get_executor(), std::move(serving),
                   asio::bind_cancellation_slot(c.cancellation_slot(), std::move(ended)));
} catch (const std::exception& e) {
    shared_.log.error("a connection failed", {{"reason", e.what()}});
}

/// Closes the first connection that matches the filter, in the order of eviction. Returns false if this worker has no such
/// connection.
bool worker::try_evict(eviction_order::address_filter filter) {
    return evict_next(filter) || (look_for_candidates(filter) && evict_next(filter));
}

bool worker::evict_next(eviction_order::address_filter filter) {
    while (const auto next = to_evict_.take(filter)) {
        if (next->place >= connections_.size())
            continue;
        auto& c = *connections_[next->place];
        if (c.serial != next->serial || c.standing() != next->standing || !c.try_evict())
            continue;
        evicted_.increment();
        return true;
    }
    return false;
}

bool worker::look_for_candidates(eviction_order::address_filter filter) {
    if (to_evict_.would_find_none(filter))
        return false;
    candidates_.clear();
    for (const auto* each : connections_)
        if (const auto standing = each->standing(); standing && (!filter || each->address() == filter))
            candidates_.push_back({each->place, each->serial, *standing});
    to_evict_.fill(filter, candidates_);
    return !candidates_.empty();
}

void worker::ask_others_to_evict(eviction_order::address_filter filter) {
    if (asked_worker_count_ > 0)
        return;
    for (auto* other : shared_.workers) {
        if (other == this)
            continue;
        ++asked_worker_count_;
        asio::post(other->context_, [this, other, filter] {
            const bool has_evicted = other->try_evict(filter);
            asio::post(context_, [this, has_evicted] {
                --asked_worker_count_;
                if (has_evicted)
                    pause_.cancel();
            });
        });
    }
}

} // namespace atrium::http
