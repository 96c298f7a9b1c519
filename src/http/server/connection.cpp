#include "server/connection.hpp"

#include "framing/renderer.hpp"
#include "server/worker.hpp"
#include "sockets/peer.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>

#include <utility>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using state = connection_state;
using event = connection_event;
using action = connection_action;

// An operation with this completion token is awaited directly: it needs no coroutine frame, and throws no exception when a
// connection ends.
constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr auto look_for_client_after = 100ms; // a check would cost too much for a faster handler
constexpr auto ask_client_after = 1s;         // few handlers take that long

constexpr refusal header_too_slow{status::request_timeout, "header_timeout", "the header did not arrive in time"};
constexpr refusal body_too_slow{status::request_timeout, "body_timeout", "the body did not arrive in time"};
constexpr refusal no_memory_for_request{status::service_unavailable, "memory",
                                        "the server is short of memory and cannot take the request now", 1s};

} // namespace

connection::connection(http::worker& worker, tcp_socket socket, connection_slot slot, const refusal* admission_refusal)
    : slot_{std::move(slot)}, worker_{worker}, socket_{std::move(socket)}, admission_refusal_{admission_refusal},
      framer_{worker.common().settings.limits}, memory_{worker.memory()}, fsm_{worker.common().settings.deadlines} {
    client_->address = slot_.address().value_or(address_group{});
    error_code ignored; // ignored: if the client has already left, the first read fails
    peer_ = socket_.tcp().remote_endpoint(ignored).address();
    socket_.tcp().non_blocking(true, ignored);
    socket_.tcp().set_option(tcp::no_delay{true}, ignored);
    worker_.add(*this);
}

connection::~connection() {
    worker_.forget(*this);
}

awaitable<> connection::serve() {
    bool is_open = true;
    if (worker_.common().identity)
        is_open = co_await secure();
    if (is_open && admission_refusal_ != nullptr) {
        request_.method = verb::unknown; // because no request is read
        refuse(*admission_refusal_);
        is_open = false;
    }
    while (is_open) {
        const auto next = co_await answer_batch();
        if (next == next_step::close)
            break;
        const bool is_sent = co_await flush();
        if (!is_sent)
            co_return;
        if (next == next_step::read) {
            is_open = co_await receive();
        } else if (worker_.queue().is_over()) {
            co_await worker_.queue().wait(run_queue::rank::continued);
            is_open = !fsm_.is_closed();
        }
    }
    const bool is_sent = co_await flush();
    if (is_sent)
        co_await linger();
}

/// Answers the requests that have arrived completely, up to the limits for one write and for the thread's time slice.
awaitable<connection::next_step> connection::answer_batch() {
    const auto& limits = worker_.common().settings.limits;
    for (std::size_t count = 0; count < limits.pipeline && output_.size() < limits.unsent; ++count) {
        if (count > 0 && worker_.queue().is_over())
            break;
        const auto step = framer_.next(request_);
        if (!has_memory_for_input()) [[unlikely]] {
            refuse(no_memory_for_request);
            co_return next_step::close;
        }
        if (step == progress::refused) {
            refuse(framer_.why());
            co_return next_step::close;
        }
        if (step == progress::need_more) {
            if (!framer_.has_large_body_ahead()) [[likely]]
                co_return next_step::read;
            const bool is_admitted = co_await admit_body();
            co_return is_admitted ? next_step::read : next_step::close;
        }
        const bool stays_open = co_await answer();
        framer_.finish();
        if (!stays_open)
            co_return next_step::close;
    }
    co_return next_step::continue_;
}

/// Returns false if the connection receives nothing more. Sends 408 if a request does not arrive in time.
awaitable<bool> connection::receive() {
    using position = framer::position;
    const auto current_position = framer_.where();
    if (current_position == position::between) {
        if (worker_.is_draining() && !socket_.has_input_waiting())
            co_return false;
        framer_.shrink();
    }
    apply(current_position == position::between  ? event::wait_for_request
          : current_position == position::header ? event::wait_for_header
                                                 : event::wait_for_body);
    const auto space = framer_.free_space();
    if (current_position == position::between)
        memory_.progress.end();
    if (current_position != position::between || socket_.has_tls()) // if idle, only with TLS, which uses much memory
        memory_.progress.begin(std::chrono::steady_clock::now());
    if (current_position == position::between && socket_.has_tls()) {
        const bool has_arrived = co_await wait_for_record();
        if (!has_arrived)
            co_return false;
    }
    const auto [failure, count] = co_await socket_.async_read_some(asio::buffer(space.data(), space.size()), quietly);
    const auto state_after_read = fsm_.state();
    if (state_after_read == state::header_expired &&
        current_position == position::between) // only a TLS record without data, or a part of a record, has arrived
        co_return false;
    if (state_after_read == state::header_expired || state_after_read == state::body_expired) {
        refuse(state_after_read == state::header_expired ? header_too_slow : body_too_slow);
        co_return false;
    }
    if (fsm_.is_closed()) // a request that has just arrived must not be executed: its response could not be sent
        co_return false;
    if (failure) {
        apply(event::close);
        co_return false;
    }
    framer_.add_received(count);
    if (current_position == position::between)
        memory_.progress.end();
    else
        memory_.progress.advance(count, std::chrono::steady_clock::now());
    co_return true;
}

/// Sends the collected responses. Returns false if the client is gone.
awaitable<bool> connection::flush() {
    if (fsm_.is_closed() || output_.is_empty())
        co_return !fsm_.is_closed();
    error_code failure;
    const auto sent = socket_.write_some(output_.next(), failure);
    output_.consume(sent);
    if (failure == asio::error::would_block)
        failure.clear();
    if (!failure && !output_.is_empty()) {
        apply(event::begin_write);
        failure = co_await send_rest();
        apply(event::end_write);
    }
    clear_output();
    if (failure)
        apply(event::close);
    co_return !fsm_.is_closed();
}

awaitable<error_code> connection::send_rest() {
    error_code failure;
    memory_.progress.end();
    memory_.progress.begin(std::chrono::steady_clock::now());
    while (!failure && !output_.is_empty()) {
        const auto [ended, sent] = co_await socket_.async_write_some(output_.next(), quietly);
        output_.consume(sent);
        memory_.count_output(output_.memory());
        memory_.progress.advance(sent, std::chrono::steady_clock::now());
        failure = ended;
    }
    memory_.progress.end();
    co_return failure;
}

void connection::clear_output() {
    output_.clear();
    memory_.count_output(output_.memory());
}

/// Counts the memory of the input. If the budget refuses it, frees the memory of the body, and returns false.
bool connection::has_memory_for_input() {
    if (memory_.try_count_input(framer_.memory())) [[likely]]
        return true;
    framer_.drop_body();
    memory_.count_input(framer_.memory());
    return false;
}

bool connection::is_short_of_memory_for(const route& r) const {
    return !r.is_vital && !worker_.common().memory->may_begin();
}

std::size_t connection::stalled_bytes(time_point now) const noexcept {
    if (fsm_.is_closed() || fsm_.state() == state::stream_cut) // the connection is already ending
        return 0;
    return upgraded_ ? upgraded_->stalled_bytes(now) : memory_.stalled_bytes(now);
}

/// Ends the connection so that the client can still read the last response: closing a socket with unread input would reset the
/// connection, and the client's system would discard what the client has not read yet.
awaitable<> connection::linger() {
    error_code failure;
    socket_.shutdown_send(failure);
    if (failure || !has_unread_input())
        co_return;
    apply(event::begin_linger);
    while (!failure) {
        const auto discarded = worker_.discard_buffer();
        const auto [ended, ignored] =
            co_await socket_.async_read_some(asio::buffer(discarded.data(), discarded.size()), quietly);
        failure = ended;
    }
}

bool connection::has_unread_input() {
    return may_have_unread_input_ || framer_.has_unread() || socket_.has_input_waiting();
}

/// Some actions may destroy this object. Unless the event comes from the connection's own coroutine, the caller must return
/// immediately.
void connection::apply(event e, time_point now) {
    switch (fsm_.advance(e, now)) {
    case action::none: return;
    case action::cancel_read: socket_.cancel(); return;
    case action::ask_client: ask_client(); return;
    case action::cancel_handler: cancel_handler(); return;
    case action::answer_overdue: answer_overdue(); return;
    case action::close: close(); return;
    case action::close_if_quiet: close_if_quiet(); return;
    case action::reset: reset(); return;
    case action::close_and_cancel_handler:
        close();
        cancel_handler();
        return;
    case action::drain_stream: upgraded_->drain(); return;
    case action::cut_stream:
        close();
        upgraded_->cut();
        cancel_handler();
        return;
    }
}

/// A client may close its sending half and still wait for its response. A client that has closed the whole connection looks the
/// same until something is sent to it, so the server sends something if the handler takes long.
void connection::check(time_point now) {
    if (upgraded_) {
        upgraded_->check(now);
        return;
    }
    if (fsm_.is_handling() && now - answer_began_ >= look_for_client_after) {
        const auto peer = look_at_peer(socket_.tcp());
        if (peer == peer_state::gone) {
            apply(event::client_gone, now);
            return;
        }
        if (peer == peer_state::half_closed && now - answer_began_ >= ask_client_after)
            apply(event::client_half_closed, now);
    }
    if (fsm_.is_due(now))
        apply(event::deadline, now);
}

/// Sends an interim response, which has no effect on a client that is still there (RFC 9110, section 15.2.1). If the client is
/// gone, its system breaks the connection. Does nothing if earlier responses are still waiting, or in HTTP/1.0, which has no
/// interim responses.
void connection::ask_client() {
    if (!output_.is_empty() || framer_.facts().version < 11)
        return;
    error_code failure;
    const auto sent = socket_.write_some(asio::buffer(continue_line), failure);
    if (sent > 0 || failure == asio::error::would_block) // would_block: with TLS, a part of the record may have been sent
        output_.text().append(continue_line.substr(sent));
}

void connection::drain() {
    apply(event::drain);
}

bool connection::try_evict() {
    apply(event::evict);
    if (!fsm_.is_closed())
        return false;
    slot_.give_back();
    return true;
}

/// A client that is still sending a body gets a response if the socket accepts it without waiting.
void connection::close_stalled() {
    if (upgraded_) {
        upgraded_->close_stalled();
        return;
    }
    if (fsm_.state() == state::idle) { // an idle connection with TLS
        apply(event::drain);
        return;
    }
    if (fsm_.state() == state::body) {
        refuse(no_memory_for_request);
        error_code ignored;
        socket_.write_some(output_.next(), ignored);
    } else {
        socket_.discard_unsent();
    }
    apply(event::close);
}

void connection::cut() {
    apply(event::close);
}

/// A request that has already arrived is still answered, because its client cannot know that it came too late.
void connection::close_if_quiet() {
    if (!socket_.has_input_waiting())
        apply(event::close);
}

void connection::close() noexcept {
    socket_.close();
}

void connection::reset() noexcept {
    socket_.discard_unsent();
    close();
}

/// The caller must return immediately: the handler's wait may end during this call, and this object may be destroyed.
void connection::cancel_handler() {
    cancel_.emit(asio::cancellation_type::terminal);
}

} // namespace atrium::http
