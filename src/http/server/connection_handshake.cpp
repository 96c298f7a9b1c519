// The part of `connection` that begins TLS.
#include "server/connection.hpp"
#include "server/worker.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <sys/socket.h>

#include <optional>

namespace atrium::http {
namespace {

using boost::system::error_code;
using std::chrono::steady_clock;
using event = connection_event;
using state = connection_state;

constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr refusal plain_http{status::bad_request, "plain_http",
                             "this port speaks HTTPS only; use a URL that begins with https://"};

/// Up to this number of handshakes, a worker begins new ones even if the memory budget is used up, so that vital routes can be
/// reached.
constexpr std::size_t max_without_memory = 16;
constexpr std::string_view failed_handshake = "tls_handshake"; // the label of a refusal without a response

/// Whether a plain HTTP request has arrived. Its first byte is a letter; the first byte of a handshake is 22 (RFC 8446,
/// section 5.1).
bool begins_with_letter(tcp_socket& socket) {
    char first = 0;
    const auto count = ::recv(socket.native_handle(), &first, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 1 && ((first >= 'A' && first <= 'Z') || (first >= 'a' && first <= 'z'));
}

} // namespace

/// Returns false if TLS could not be set up. Then `serve` sends the response in `output_`, if there is one, and ends. A
/// connection that is not admitted gets no response, because a response would need a handshake, which costs more than a
/// request.
awaitable<bool> connection::secure() {
    if (admission_refusal_ != nullptr) {
        worker_.metrics().count_refusal(admission_refusal_->reason);
        apply(event::close);
        co_return false;
    }
    const bool has_begun = co_await wait_for_handshake();
    if (!has_begun)
        co_return false;
    if (begins_with_letter(socket_.tcp())) {
        refuse(plain_http);
        co_return false;
    }
    const handshake_turns::running_count count{worker_.handshakes()};
    if (!memory_.try_count_session(tls_session::handshake_memory) && worker_.handshakes().count() > max_without_memory) {
        worker_.metrics().count_refusal("memory");
        apply(event::close);
        co_return false;
    }
    memory_.progress.begin(steady_clock::now());
    socket_.start_tls(worker_.common().identity->new_session());
    const auto failure = co_await shake_hands();
    if (!failure) {
        memory_.count_session(tls_session::read_memory);
        co_return true;
    }
    if (!fsm_.is_closed()) { // `serve` lingers, because the client may not have received the alert yet
        worker_.metrics().count_refusal(failed_handshake);
        worker_.common().log.debug("a TLS handshake failed", {{"reason", failure.message()}});
        socket_.drop_tls();
        may_have_unread_input_ = true;
    }
    co_return false;
}

/// Waits for the first byte of the handshake. Until it arrives, the connection is idle, like a connection without TLS. Returns
/// false if the connection was closed in the meantime.
awaitable<bool> connection::wait_for_handshake() {
    apply(event::wait_for_request);
    const auto [failure] = co_await socket_.tcp().async_wait(tcp_socket::wait_read, quietly);
    if (failure)
        apply(event::close);
    if (!fsm_.is_closed())
        apply(event::wait_for_header); // the handshake has the deadline of a header
    co_return !fsm_.is_closed();
}

/// Waits until a record begins to arrive. From then on, the connection is no longer idle: it has the deadline of a header, and
/// can be closed for others even if the record is never complete. A connection without TLS has this deadline as soon as the
/// first byte of a header has arrived.
awaitable<bool> connection::wait_for_record() {
    memory_.count_session(tls_session::idle_memory);
    if (!socket_.has_pending_record()) {
        const auto [failure] = co_await socket_.tcp().async_wait(tcp_socket::wait_read, quietly);
        if (failure)
            apply(event::close);
    }
    if (fsm_.is_closed())
        co_return false;
    apply(event::wait_for_header);
    memory_.count_session(tls_session::read_memory);
    co_return true;
}

/// A step of a handshake can take a few milliseconds of the thread's time, so it waits if a slice has been used up.
awaitable<error_code> connection::shake_hands() {
    auto& queue = worker_.queue();
    for (;;) {
        std::optional<handshake_turns::place> turn;
        if (queue.is_over()) {
            turn.emplace(worker_.handshakes(), client_->address, socket_.get_executor());
            co_await turn->wait_for_turn();
            co_await queue.wait(run_queue::rank::new_work);
        }
        if (fsm_.state() != state::header) // the connection is closed, or the deadline has passed
            co_return asio::error::timed_out;
        const auto begin = steady_clock::now();
        const auto step = socket_.shake_hands();
        queue.count(begin, steady_clock::now());
        if (step.failure != asio::error::would_block)
            co_return step.failure;
        turn.reset();
        const auto [failure] = co_await socket_.tcp().async_wait(step.direction, quietly);
        if (failure)
            co_return failure;
    }
}

} // namespace atrium::http
