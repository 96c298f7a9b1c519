#include "stream/body_stream.hpp"

#include "sockets/peer.hpp"

#include <access/principal.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t max_output_kept = 32 * 1024; // the output's memory is kept for later pieces unless it is larger
constexpr std::size_t max_without_pause =
    256 * 1024;                    // after this many bytes, other connections run, even if the client reads fast enough
constexpr auto look_interval = 1s; // interval at which to check whether the client is still there
constexpr std::string_view last_chunk = "0\r\n\r\n";

[[noreturn]] void throw_stopped() {
    throw boost::system::system_error{asio::error::operation_aborted};
}

} // namespace

body_stream::body_stream(const connection_parts& parts)
    : environment_{parts.environment}, socket_{parts.socket}, output_{parts.output}, memory_{parts.environment.memory},
      cancel_{parts.cancel}, is_chunked_{parts.is_chunked}, principal_{parts.principal}, last_sent_{steady_clock::now()},
      last_look_{last_sent_} {
    environment_.metrics.stream_opened();
    limit_unacknowledged(socket_.tcp(), environment_.settings.deadlines.write);
}

body_stream::~body_stream() {
    environment_.metrics.stream_ended(ending_);
}

awaitable<bool> body_stream::run(const body_producer& produce, std::exception_ptr& failure) {
    try {
        co_await send();
        if (environment_.is_draining)
            drain();
        co_await produce(*this);
    } catch (...) {
        if (ending_ == end_reason::none) {
            ending_ = end_reason::failed;
            failure = std::current_exception();
        }
    }
    // Without this reset, the farewell could not be sent, because the wait for it would be cancelled.
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
    if (ending_ == end_reason::none)
        ending_ = end_reason::finished;
    const bool is_regular = ending_ == end_reason::finished || ending_ == end_reason::shutdown;
    if (!is_regular) // not in one expression with &&, because g++ 12 always awaits the right side of &&
        co_return false;
    co_return co_await finish();
}

awaitable<bool> body_stream::finish() {
    if (!socket_.is_open())
        co_return false;
    if (ending_ == end_reason::shutdown)
        append(farewell_);
    if (is_chunked_)
        output_.append(last_chunk);
    try {
        co_await send();
        co_return true;
    } catch (const boost::system::system_error&) { // ignored: the client has left, or was too slow
    }
    co_return false;
}

awaitable<> body_stream::write(std::string_view piece) {
    if (is_sending_)
        throw std::logic_error{"a body was written to while an earlier write is in progress"};
    if (ending_ != end_reason::none)
        throw_stopped();
    append(piece);
    co_await send();
}

void body_stream::append(std::string_view piece) {
    if (piece.empty())
        return; // an empty chunk would end the body
    if (!is_chunked_) {
        output_.append(piece);
        return;
    }
    std::array<char, 16> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), piece.size(), 16).ptr;
    output_.append(digits.data(), end).append("\r\n").append(piece).append("\r\n");
}

/// Sends the whole output and then clears it. A cancellation does not interrupt a piece that is being sent.
awaitable<> body_stream::send() {
    error_code failure;
    const auto size = output_.size();
    const auto sent = size > 0 ? socket_.write_some(asio::buffer(output_), failure) : 0;
    if (failure == asio::error::would_block)
        failure.clear();
    if (!failure && sent < size) {
        is_sending_ = true;
        memory_.count_output(output_.capacity());
        memory_.progress.begin(steady_clock::now());
        unsent_since_ = unsent_since_.value_or(steady_clock::now());
        const asio::const_buffer rest = asio::buffer(output_) + sent;
        const auto [ended, ignored] = co_await asio::async_write(socket_, rest, asio::as_tuple(asio::deferred));
        failure = ended;
        is_sending_ = false;
        if (std::exchange(is_stop_due_, false))
            cancel_.emit(asio::cancellation_type::terminal); // ends the producer's next wait
        bytes_since_pause_ = 0;
    }
    output_.clear();
    if (output_.capacity() > max_output_kept)
        output_.shrink_to_fit();
    memory_.count_output(output_.capacity());
    memory_.progress.end();
    unsent_since_.reset();
    last_sent_ = steady_clock::now();
    if (failure) {
        stop(end_reason::client_left);
        throw_stopped();
    }
    bytes_since_pause_ += size;
    if (bytes_since_pause_ > max_without_pause) {
        bytes_since_pause_ = 0;
        co_await asio::post(socket_.get_executor(), asio::deferred);
    }
}

std::size_t body_stream::stalled_bytes(time_point now) const noexcept {
    return ending_ == end_reason::none ? memory_.stalled_bytes(now) : 0;
}

void body_stream::check(time_point now) {
    if (!socket_.is_open() || ending_ == end_reason::failed)
        return;
    if (ending_ == end_reason::none && principal_ && !principal_->is_valid()) { // checked even if the client does not read
        stop_producer(end_reason::refused);
        return;
    }
    if (unsent_since_) {
        if (now - *unsent_since_ >= environment_.settings.deadlines.write)
            stop_producer(end_reason::too_slow);
        else if (!is_sending_)
            send_what_fits();
        return;
    }
    if (ending_ != end_reason::none)
        return;
    if (now - last_look_ >= look_interval) {
        last_look_ = now;
        const auto peer = look_at_peer(socket_.tcp());
        if (peer == peer_state::gone || (peer == peer_state::half_closed && !make_keep_alive_)) {
            stop_producer(end_reason::client_left);
            return;
        }
        if (peer == peer_state::half_closed && !std::exchange(has_asked_client_, true))
            last_sent_ = time_point::min(); // the keep-alive, which is now due, shows whether the client is still there
    }
    if (make_keep_alive_ && last_sent_ + environment_.settings.stream.keep_alive <= now) {
        append(make_keep_alive_());
        last_sent_ = now;
        send_what_fits();
    }
}

/// Runs outside of the producer's coroutine, so it must not wait. The rest is sent before the next piece, or at a later tick.
void body_stream::send_what_fits() {
    error_code failure;
    const auto sent = socket_.write_some(asio::buffer(output_), failure);
    if (failure && failure != asio::error::would_block) {
        stop_producer(end_reason::client_left);
        return;
    }
    output_.erase(0, sent);
    if (output_.empty())
        unsent_since_.reset();
    else
        unsent_since_ = unsent_since_.value_or(steady_clock::now());
}

void body_stream::drain() {
    if (ending_ == end_reason::none)
        stop_producer(end_reason::shutdown);
}

void body_stream::close_stalled() {
    stop_producer(end_reason::too_slow);
}

void body_stream::cut() {
    stop(end_reason::shutdown);
}

void body_stream::stop(end_reason reason) {
    if (ending_ == end_reason::none || ending_ == end_reason::finished)
        ending_ = reason;
    if (reason == end_reason::shutdown)
        return;
    if (reason == end_reason::too_slow) // a reset also discards what the system still has to send
        socket_.discard_unsent();
    socket_.close();
}

/// Like `stop`, but also cancels the producer. The caller must return immediately: the producer's wait may end during this
/// call, and the connection may be destroyed.
void body_stream::stop_producer(end_reason reason) {
    stop(reason);
    is_stop_due_ = is_sending_;
    if (!is_sending_)
        cancel_.emit(asio::cancellation_type::terminal);
}

} // namespace atrium::http
