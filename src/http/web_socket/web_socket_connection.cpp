#include "web_socket/web_socket_connection.hpp"

#include "sockets/peer.hpp"
#include "web_socket/web_socket_handshake.hpp"

#include <access/principal.hpp>
#include <base/text.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
#include <utility>

namespace atrium::http {
namespace {

namespace beast = boost::beast;
using std::chrono::steady_clock;
using state = web_socket_state;
using event = web_socket_event;
using action = web_socket_action;

constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr std::size_t max_read_size = 4 * 1024;    // in bytes
constexpr std::size_t max_buffer_kept = 16 * 1024; // a buffer is kept for the next message unless it is larger than this
constexpr std::size_t max_reason = 123;            // RFC 6455, section 5.5: a control frame's 125 bytes without the code

/// The longest prefix of `text` that ends with a whole character and fits into a close frame.
std::string_view fitting_reason(std::string_view text) {
    auto size = std::min(text.size(), max_reason);
    if (size < text.size())
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
            --size;
    return text.substr(0, size);
}

beast::string_view to_beast(std::string_view text) {
    return {text.data(), text.size()};
}

/// A request with the headers that Beast needs for its response to the handshake.
beast::http::request<beast::http::empty_body> handshake_of(const request& q) {
    using beast::http::field;
    beast::http::request<beast::http::empty_body> copy{beast::http::verb::get, "/", 11};
    copy.set(field::host, to_beast(q.headers.get("Host")));
    copy.set(field::connection, "Upgrade");
    copy.set(field::upgrade, "websocket");
    copy.set(field::sec_websocket_version, "13");
    copy.set(field::sec_websocket_key, to_beast(q.headers.get("Sec-WebSocket-Key")));
    return copy;
}

/// Whether a read failed because the peer has broken the protocol or a limit.
bool is_violation(const boost::system::error_code& failure) {
    using beast::websocket::condition;
    return failure == condition::protocol_violation || failure == beast::websocket::error::message_too_big ||
           failure == beast::websocket::error::bad_frame_payload;
}

} // namespace

/// Sets the write deadline until the end of the scope.
class web_socket_connection::write_watch {
public:
    explicit write_watch(web_socket_connection& connection) : deadline_{connection.write_deadline_} {
        deadline_ = steady_clock::now() + connection.environment_.settings.deadlines.write;
    }
    ~write_watch() { deadline_ = time_point::max(); }
    write_watch(const write_watch&) = delete;
    write_watch& operator=(const write_watch&) = delete;

private:
    time_point& deadline_;
};

web_socket_connection::web_socket_connection(const stream_environment& environment, transport_socket socket,
                                             const web_socket_offer& offer, asio::cancellation_signal& cancel)
    : environment_{environment}, offer_{offer}, cancel_{cancel}, stream_{std::move(socket)}, fsm_{environment.settings},
      liveness_{environment.settings.web_socket, steady_clock::now()}, queue_{environment.settings.web_socket.unsent},
      memory_{environment.memory}, something_received_{stream_.get_executor()}, message_taken_{stream_.get_executor()},
      something_to_write_{stream_.get_executor()}, space_in_queue_{stream_.get_executor()},
      coroutine_ended_{stream_.get_executor()} {
    const auto& settings = environment_.settings;
    limit_unacknowledged(stream_.next_layer().tcp(), settings.deadlines.write);
    stream_.read_message_max(settings.web_socket.message);
    stream_.auto_fragment(false); // sends each message as one frame, because it is in memory anyway
    stream_.text(true);
    stream_.control_callback([this](beast::websocket::frame_type kind, beast::string_view) {
        liveness_.heard(steady_clock::now());
        if (kind == beast::websocket::frame_type::close)
            apply(event::peer_close, end_reason::client_left);
    });
    environment_.metrics.web_socket_opened();
}

web_socket_connection::~web_socket_connection() {
    environment_.metrics.web_socket_ended(ending_);
}

/// `cause` is what the metrics report as the reason why the WebSocket ended. Only the first cause counts. For an event that
/// does not end the WebSocket, `cause` is `none`. If the event is a deadline, the caller must return immediately, because the
/// session may be cancelled and this object destroyed.
void web_socket_connection::apply(event e, end_reason cause) {
    const auto previous = fsm_.state();
    const auto action = fsm_.advance(e, steady_clock::now());
    if (fsm_.state() == previous && action == action::none)
        return;
    if (ending_ == end_reason::none)
        ending_ = action == action::close_going_away ? end_reason::shutdown : cause;
    switch (action) {
    case action::none: break;
    case action::drop_received: received_message_.reset(); break;
    case action::close_normal: close_reason_ = {close_code::normal, {}}; break;
    case action::close_going_away: close_reason_ = {close_code::going_away, "the server is shutting down"}; break;
    case action::close_internal_error: close_reason_ = {close_code::internal_error, {}}; break;
    case action::close_socket: close_socket(); break;
    case action::reset_socket:
        stream_.next_layer().discard_unsent();
        close_socket();
        break;
    case action::cancel_session: cancel_.emit(asio::cancellation_type::terminal); return;
    }
    wake_all();
}

void web_socket_connection::close_socket() noexcept {
    stream_.next_layer().close();
}

awaitable<bool> web_socket_connection::accept(const request& q) {
    subprotocol_ = choose_subprotocol(q, offer_.options.subprotocols);
    principal_ = q.principal;
    stream_.set_option(beast::websocket::stream_base::decorator(
        [subprotocol = subprotocol_, id = q.request_id](beast::websocket::response_type& answer) {
            answer.set(beast::http::field::server, "Atrium");
            answer.set("X-Request-Id", id);
            if (!subprotocol.empty())
                answer.set(beast::http::field::sec_websocket_protocol, subprotocol);
        }));
    const auto handshake = handshake_of(q);
    const write_watch watch{*this};
    const auto [failure] = co_await stream_.async_accept(handshake, quietly);
    if (failure)
        apply(event::socket_failed, end_reason::client_left);
    co_return !failure;
}

/// Once the coroutines that read and write have begun, this function must not return before they have ended, because they use
/// this object.
awaitable<> web_socket_connection::run(std::exception_ptr& failure) {
    apply(event::accept, end_reason::none);
    start(read_all(), abort_reading_, "read a WebSocket");
    start(write_all(), abort_writing_, "write a WebSocket");
    if (environment_.is_draining)
        drain();
    std::exception_ptr thrown;
    try {
        co_await offer_.session(*this);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    if (thrown && fsm_.state() != state::cancelled) {
        failure = thrown;
        apply(event::fail_session, end_reason::failed);
    } else {
        apply(event::end_session, end_reason::finished);
    }
    received_message_.reset();
    message_taken_.notify();
    while (coroutine_count_ > 0)
        co_await coroutine_ended_.wait();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

void web_socket_connection::start(awaitable<> coroutine, asio::cancellation_signal& abort, const char* name) {
    ++coroutine_count_;
    const auto finish = [this, name](std::exception_ptr failure) {
        --coroutine_count_;
        coroutine_ended_.notify();
        if (!failure)
            return;
        apply(event::reset, end_reason::failed); // otherwise the WebSocket would only be read, or only be written
        environment_.log.error("a background task failed", {{"task", name}, {"reason", reason_of(failure)}});
    };
    asio::co_spawn(stream_.get_executor(), std::move(coroutine), asio::bind_cancellation_slot(abort.slot(), finish));
}

/// Ends the operations of Beast that are still running although the socket is closed. Beast can suspend a read and a close
/// forever, because each waits until the other one has ended: `async_close` has sent its frame and waits until it may read, and
/// the read finds a close frame of the peer in Beast's buffer and waits until it may write.
void web_socket_connection::abort_operations() {
    abort_reading_.emit(asio::cancellation_type::terminal);
    abort_writing_.emit(asio::cancellation_type::terminal);
}

// ---- reading

awaitable<> web_socket_connection::read_all() {
    co_await asio::this_coro::throw_if_cancelled(false); // an aborted operation returns an error
    for (;;) {
        const auto [failure, count] = co_await stream_.async_read_some(arriving_message_, max_read_size, quietly);
        if (failure) {
            apply(event::socket_failed, is_violation(failure) ? end_reason::refused : end_reason::client_left);
            co_return;
        }
        const auto now = steady_clock::now();
        liveness_.heard(now);
        watch_message(count, now);
        if (!has_memory_for_input()) {
            begin_close(close_code::try_again_later, "the server is short of memory", end_reason::refused);
            watch_message(0, now);
        }
        if (!stream_.is_message_done())
            continue;
        if (!take_message())
            continue;
        something_received_.notify();
        while (received_message_ && is_open())
            co_await message_taken_.wait();
    }
}

/// A message has a deadline from its first bytes on. Input after a close is dropped immediately.
void web_socket_connection::watch_message(std::size_t count, time_point now) {
    if (!fsm_.may_receive())
        arriving_message_.consume(arriving_message_.size());
    if (stream_.is_message_done()) {
        message_began_ = time_point::max();
        memory_.progress.end();
        return;
    }
    if (message_began_ == time_point::max())
        message_began_ = now;
    memory_.progress.begin(now);
    memory_.progress.advance(count, now);
}

bool web_socket_connection::has_memory_for_input() {
    if (arriving_message_.size() == 0 && arriving_message_.capacity() > max_buffer_kept)
        arriving_message_.shrink_to_fit();
    const auto size = arriving_message_.capacity() + (received_message_ ? received_message_->capacity() : 0);
    return memory_.try_count_input(size);
}

/// Takes the message that has arrived. Returns whether the session may receive it: after a close, messages are dropped, but the
/// socket must still be read until the peer has closed it.
bool web_socket_connection::take_message() {
    const bool may_receive = fsm_.may_receive();
    std::string text;
    if (may_receive)
        text.assign(static_cast<const char*>(arriving_message_.data().data()), arriving_message_.size());
    arriving_message_.consume(arriving_message_.size());
    if (arriving_message_.capacity() > max_buffer_kept)
        arriving_message_.shrink_to_fit();
    if (!may_receive)
        return false;
    if (stream_.got_binary()) {
        begin_close(close_code::unsupported_data, "only text messages are supported", end_reason::refused);
        return false;
    }
    if (!is_utf8(text)) { // Beast accepts an incomplete character if only an empty frame follows it
        begin_close(close_code::invalid_payload, "text must be UTF-8", end_reason::refused);
        return false;
    }
    received_message_ = std::move(text);
    memory_.count_input(arriving_message_.capacity() + received_message_->capacity());
    return true;
}

awaitable<std::optional<std::string>> web_socket_connection::receive() {
    while (!received_message_ && fsm_.may_receive())
        co_await something_received_.wait();
    if (!fsm_.may_receive())
        co_return std::nullopt;
    auto message = std::exchange(received_message_, std::nullopt);
    memory_.count_input(arriving_message_.capacity());
    message_taken_.notify();
    co_return message;
}

// ---- writing

awaitable<> web_socket_connection::write_all() {
    co_await asio::this_coro::throw_if_cancelled(false);
    bool written = true;
    while (written && fsm_.may_write()) { // if a write fails, `read_all` fails as well and reports the end
        if (!queue_.is_empty())
            written = co_await write_front();
        else if (fsm_.is_close_due())
            co_await write_close();
        else if (liveness_.take_ping())
            written = co_await write_ping();
        else
            co_await something_to_write_.wait();
    }
}

awaitable<bool> web_socket_connection::write_front() {
    const auto text = queue_.front();
    boost::system::error_code failure;
    {
        const write_watch watch{*this};
        const auto [ended, count] = co_await stream_.async_write(asio::buffer(text.data(), text.size()), quietly);
        failure = ended;
    }
    queue_.pop(steady_clock::now());
    output_progress_.end();
    watch_output();
    space_in_queue_.notify();
    co_return !failure;
}

awaitable<> web_socket_connection::write_close() {
    apply(event::begin_close, end_reason::none);
    (void)co_await stream_.async_close(
        {static_cast<beast::websocket::close_code>(close_reason_.code), to_beast(close_reason_.reason)}, quietly);
}

awaitable<bool> web_socket_connection::write_ping() {
    const write_watch watch{*this};
    const auto [failure] = co_await stream_.async_ping({}, quietly);
    co_return !failure;
}

bool web_socket_connection::send(std::string message) {
    if (!is_open())
        return false;
    if (!has_room(message.size())) {
        const bool is_writing = write_deadline_ != time_point::max();
        queue_.keep_first(is_writing ? 1 : 0); // Beast uses the memory of the first message until it is written
        watch_output();
        close_as_too_slow();
        return false;
    }
    queue_.push(std::move(message));
    watch_output();
    something_to_write_.notify();
    return true;
}

awaitable<bool> web_socket_connection::wait_for_room(std::size_t size) {
    if (!has_room(size)) {
        const send_queue::waiter this_sender{queue_, steady_clock::now()};
        while (is_open() && !has_room(size))
            co_await space_in_queue_.wait();
    }
    co_return is_open();
}

bool web_socket_connection::has_room(std::size_t size) const noexcept {
    return is_open() && queue_.has_room(size);
}

// ---- ending

void web_socket_connection::close(std::uint16_t code, std::string_view reason) {
    begin_close(code, fitting_reason(reason), end_reason::finished);
}

void web_socket_connection::begin_close(std::uint16_t code, std::string_view reason, end_reason cause) {
    if (!is_open())
        return;
    close_reason_ = {code, std::string{reason}};
    apply(event::close, cause);
}

void web_socket_connection::close_as_too_slow() {
    const auto& [code, reason] = offer_.options.too_slow;
    begin_close(code, fitting_reason(reason), end_reason::too_slow);
}

void web_socket_connection::watch_output() {
    memory_.count_output(queue_.bytes());
    if (queue_.is_empty())
        output_progress_.end();
    else
        output_progress_.begin(steady_clock::now());
}

std::size_t web_socket_connection::stalled_bytes(time_point now) const noexcept {
    using namespace std::chrono_literals;
    if (!fsm_.may_write())
        return 0;
    if (output_progress_.is_stalled(now, 1s))
        return memory_.total_bytes() + held_back_bytes_;
    return memory_.stalled_bytes(now);
}

void web_socket_connection::wake_all() {
    something_received_.notify();
    message_taken_.notify();
    something_to_write_.notify();
    space_in_queue_.notify();
}

void web_socket_connection::check(time_point now) {
    if (fsm_.is_disconnected()) {
        if (fsm_.is_due(now))
            apply(event::deadline, end_reason::none);
        else
            abort_operations();
        return;
    }
    if (now >= write_deadline_) {
        apply(event::reset, end_reason::too_slow);
        return;
    }
    if (fsm_.state() == state::handshake)
        return;
    if (!stream_.is_open())
        apply(event::peer_close, end_reason::refused); // the peer violated the protocol, and Beast is sending the close frame
    if (fsm_.is_due(now))
        apply(event::deadline, end_reason::client_left);
    else if (is_open())
        check_peer(now);
}

void web_socket_connection::check_peer(time_point now) {
    if (principal_ && !principal_->is_valid()) {
        const auto& [code, reason] = offer_.options.not_valid;
        begin_close(code, fitting_reason(reason), end_reason::refused);
        return;
    }
    if (!queue_.is_empty()) {
        const auto current = unacknowledged_bytes(stream_.next_layer().tcp());
        const auto previous = std::exchange(unacknowledged_, current);
        // An increase is progress as well: the system accepted more bytes because earlier ones were acknowledged.
        output_progress_.advance(std::max(previous, current) - std::min(previous, current), now);
    }
    if (queue_.is_blocking_senders(now, offer_.options.patience)) {
        close_as_too_slow();
        return;
    }
    if (now - environment_.settings.web_socket.message_deadline >= message_began_) {
        begin_close(close_code::policy_violation, "the message did not arrive in time", end_reason::refused);
        return;
    }
    if (received_message_) { // in this case the session is slow, not the peer
        liveness_.excuse(now);
        return;
    }
    switch (liveness_.check(now)) {
    case peer_liveness::verdict::alive: return;
    case peer_liveness::verdict::ping_now: something_to_write_.notify(); return;
    case peer_liveness::verdict::lost: apply(event::reset, end_reason::silent); return;
    }
}

/// The session should end when it has finished its current work. A message that has arrived, but that the session has not taken
/// with `receive`, is dropped.
void web_socket_connection::drain() {
    apply(event::drain, end_reason::none);
}

void web_socket_connection::close_stalled() {
    apply(event::reset, end_reason::too_slow);
}

void web_socket_connection::cut() {
    apply(event::cut, end_reason::shutdown);
}

} // namespace atrium::http
