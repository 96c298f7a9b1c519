#include "server/connection.hpp"

#include "framing/renderer.hpp"
#include "server/worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>

#include <poll.h>

#include <utility>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::steady_clock;

// Awaited directly: no coroutine frame of its own, no exception for what ends every connection.
constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr std::size_t most_output_kept = 32 * 1024; // of the memory that a large answer needed
constexpr auto look_for_client_after = 100ms;       // a handler that is quicker is not worth the question
constexpr auto ask_client_after = 1s;

constexpr refusal header_too_slow{status::request_timeout, "header_timeout", "the header did not arrive in time"};
constexpr refusal body_too_slow{status::request_timeout, "body_timeout", "the body did not arrive in time"};
constexpr refusal too_many_from_address{status::service_unavailable, "connections_per_address",
                                        "there are too many connections from this address"};

} // namespace

connection::connection(worker& on, tcp_socket socket)
    : worker_{on}, socket_{std::move(socket)}, framer_{on.common().settings.limits} {
    error_code ignored; // a client that has left already is found by the first read
    socket_.non_blocking(true, ignored);
    socket_.set_option(tcp::no_delay{true}, ignored);
    if (auto& counter = worker_.common().connections; counter.counts_addresses()) {
        const auto from = socket_.remote_endpoint(ignored).address();
        admitted_ = counter.enter(from);
        if (admitted_)
            counted_address_ = from;
    }
    try {
        worker_.add(*this);
    } catch (...) {
        if (counted_address_)
            worker_.common().connections.leave(*counted_address_);
        throw;
    }
}

connection::~connection() {
    if (counted_address_)
        worker_.common().connections.leave(*counted_address_);
    worker_.forget(*this);
}

awaitable<> connection::serve() {
    if (!admitted_)
        refuse(too_many_from_address);
    for (bool open = admitted_; open;) {
        const auto next = co_await answer_batch();
        if (next == then::close)
            break;
        const bool sent = co_await flush();
        if (!sent)
            co_return;
        if (next == then::read)
            open = co_await receive();
    }
    const bool sent = co_await flush();
    if (sent)
        co_await linger();
}

/// Answers what has come in whole, within what one write may gather.
awaitable<connection::then> connection::answer_batch() {
    const auto& most = worker_.common().settings.limits;
    for (std::size_t count = 0; count < most.pipeline && output_.size() < most.unsent; ++count) {
        const auto step = framer_.next(request_);
        if (step == progress::refused) {
            refuse(framer_.why());
            co_return then::close;
        }
        if (step == progress::need_more) {
            const bool refuses_body = framer_.expects_continue() && !may_send_body();
            co_return refuses_body ? then::close : then::read;
        }
        const bool stays = co_await answer();
        framer_.finish();
        if (!stays)
            co_return then::close;
    }
    co_return then::go_on;
}

/// False when nothing more can come. A request that does not come in time gets its answer here.
awaitable<bool> connection::receive() {
    using position = framer::position;
    const auto where = framer_.where();
    if (where == position::between) {
        if (worker_.is_draining() && !has_arrived())
            co_return false;
        framer_.shrink();
    }
    enter(where == position::between ? phase::idle : where == position::header ? phase::header : phase::body);
    const auto room = framer_.room();
    const auto [failure, count] = co_await socket_.async_read_some(asio::buffer(room.data(), room.size()), quietly);
    if (expired_) {
        refuse(phase_ == phase::header ? header_too_slow : body_too_slow);
        co_return false;
    }
    if (gone_) // what came in just now must not be carried out: its answer could not be sent
        co_return false;
    if (failure) {
        close();
        co_return false;
    }
    framer_.arrived(count);
    co_return true;
}

/// Sends the gathered answers. False when there is nobody to send them to.
awaitable<bool> connection::flush() {
    if (gone_ || output_.empty())
        co_return !gone_;
    error_code failure;
    const auto sent = socket_.write_some(asio::buffer(output_), failure);
    if (failure == asio::error::would_block)
        failure.clear();
    if (!failure && sent < output_.size()) {
        enter(phase::write);
        const auto rest = asio::buffer(output_) + sent;
        const auto [ended, ignored] = co_await asio::async_write(socket_, asio::const_buffer{rest}, quietly);
        failure = ended;
        phase_ = phase::none;
    }
    output_.clear();
    if (output_.capacity() > most_output_kept)
        output_.shrink_to_fit();
    if (failure)
        close();
    co_return !gone_;
}

/// Ends the connection without taking the last answer from the client: closing a socket that holds unread input resets it, and
/// the client's system throws away what it has not read yet.
awaitable<> connection::linger() {
    error_code failure;
    socket_.shutdown(tcp_socket::shutdown_send, failure);
    if (failure || !has_unread_input())
        co_return;
    enter(phase::drain);
    while (!failure) {
        const auto bin = worker_.bin();
        const auto [ended, ignored] = co_await socket_.async_read_some(asio::buffer(bin.data(), bin.size()), quietly);
        failure = ended;
    }
}

bool connection::has_arrived() {
    error_code ignored;
    return socket_.available(ignored) > 0;
}

bool connection::has_unread_input() {
    return refused_ || framer_.has_unread() || has_arrived();
}

void connection::enter(phase p) {
    if (phase_ == p)
        return;
    const auto& in = worker_.common().settings.deadlines;
    phase_ = p;
    const auto time = [&] {
        switch (p) {
        case phase::idle: return in.idle;
        case phase::header: return in.header;
        case phase::body: return in.body;
        case phase::write: return in.write;
        case phase::drain: return in.drain;
        default: return in.handler;
        }
    }();
    deadline_ = steady_clock::now() + time;
}

void connection::check(time_point now) {
    if (upgraded_) {
        upgraded_->check(now);
        return;
    }
    if (phase_ == phase::handling && now - started_ >= look_for_client_after && client_has_left(now)) {
        gone_ = true;
        phase_ = phase::left;
        stop_handler();
        return;
    }
    if (now < deadline_)
        return;
    deadline_ = time_point::max();
    error_code ignored;
    switch (phase_) {
    case phase::header:
    case phase::body:
        expired_ = true;
        socket_.cancel(ignored);
        return;
    case phase::handling:
        phase_ = phase::overdue;
        deadline_ = now; // until the next tick it may end by itself
        stop_handler();
        return;
    case phase::overdue: answer_overdue(); return;
    case phase::left:
    case phase::none: return;
    case phase::write: // nobody takes what is waiting in the system's buffer either: a reset throws it away
        socket_.set_option(tcp_socket::linger{true, 0}, ignored);
        close();
        return;
    case phase::idle:
    case phase::drain: close(); return;
    }
}

/// Looks whether the connection broke. That nothing more will come says nothing: a client may close its sending half and wait
/// for its answer. One that has closed altogether looks the same until something is sent to it, so a handler that takes long
/// has the client asked.
bool connection::client_has_left(time_point now) {
    pollfd state{socket_.native_handle(), POLLRDHUP, 0};
    if (::poll(&state, 1, 0) <= 0)
        return false;
    if ((state.revents & (POLLHUP | POLLERR)) != 0)
        return true;
    if (now - started_ >= ask_client_after && !std::exchange(asked_client_, true))
        ask_client();
    return false;
}

/// By an interim answer, which means nothing to a client that is there (RFC 9110, 15.2.1); where nobody is, its system breaks
/// the connection. Not where answers before it are waiting, and HTTP/1.0 knows none.
void connection::ask_client() {
    if (!output_.empty() || framer_.facts().version < 11)
        return;
    error_code failure;
    const auto sent = socket_.write_some(asio::buffer(continue_line), failure);
    if (sent > 0)
        output_.append(continue_line.substr(sent));
}

/// A request that has arrived already is still answered: its client cannot know that it came a moment too late.
void connection::drain() {
    if (upgraded_)
        upgraded_->drain();
    else if (phase_ == phase::idle && !has_arrived())
        close();
}

void connection::cut() {
    const bool in_handler = phase_ == phase::handling || upgraded_;
    close();
    if (upgraded_)
        upgraded_->cut();
    if (in_handler) {
        phase_ = phase::left;
        stop_handler();
    }
}

void connection::close() noexcept {
    gone_ = true;
    error_code ignored;
    socket_.close(ignored);
}

/// Last in its caller: what the handler waits for may end at once, and this connection with it.
void connection::stop_handler() {
    told_to_stop_ = true;
    cancel_.emit(asio::cancellation_type::terminal);
}

} // namespace atrium::http
