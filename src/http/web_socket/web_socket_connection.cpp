#include "web_socket/web_socket_connection.hpp"

#include "sockets/peer.hpp"
#include "web_socket/web_socket_handshake.hpp"

#include <base/text.hpp>

#include <boost/asio/as_tuple.hpp>
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

constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr std::size_t room_for_frame = 4 * 1024;    // read at once
constexpr std::size_t most_buffer_kept = 16 * 1024; // of the memory that a large message needed
constexpr std::size_t cost_of_message = 64;         // in the queue, beside its text: small ones do not come free
constexpr std::size_t most_reason = 123;            // RFC 6455, 5.5: a control frame's 125 bytes without the code

/// `text` up to a whole character within what a close frame can hold.
std::string_view fitting_reason(std::string_view text) {
    auto size = std::min(text.size(), most_reason);
    if (size < text.size())
        while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80)
            --size;
    return text.substr(0, size);
}

beast::string_view to_beast(std::string_view text) {
    return {text.data(), text.size()};
}

/// What Beast looks at to make its answer.
beast::http::request<beast::http::empty_body> handshake_of(const request& q) {
    using beast::http::field;
    beast::http::request<beast::http::empty_body> made{beast::http::verb::get, "/", 11};
    made.set(field::host, to_beast(q.headers.get("Host")));
    made.set(field::connection, "Upgrade");
    made.set(field::upgrade, "websocket");
    made.set(field::sec_websocket_version, "13");
    made.set(field::sec_websocket_key, to_beast(q.headers.get("Sec-WebSocket-Key")));
    return made;
}

class counted_in {
public:
    explicit counted_in(int& count) : count_{count} { ++count_; }
    ~counted_in() { --count_; }
    counted_in(const counted_in&) = delete;
    counted_in& operator=(const counted_in&) = delete;

private:
    int& count_;
};

bool is_refusal(const boost::system::error_code& failure) {
    using beast::websocket::condition;
    return failure == condition::protocol_violation || failure == beast::websocket::error::message_too_big ||
           failure == beast::websocket::error::bad_frame_payload;
}

} // namespace

web_socket_connection::web_socket_connection(const stream_environment& environment, tcp_socket socket,
                                             const web_socket_offer& offer, asio::cancellation_signal& stops)
    : environment_{environment}, offer_{offer}, stops_{stops}, stream_{std::move(socket)}, last_heard_{steady_clock::now()},
      something_received_{stream_.get_executor()}, message_taken_{stream_.get_executor()},
      something_to_write_{stream_.get_executor()}, room_in_queue_{stream_.get_executor()}, half_ended_{stream_.get_executor()} {
    const auto& settings = environment_.settings;
    limit_unacknowledged(stream_.next_layer(), settings.deadlines.write);
    stream_.read_message_max(settings.web_socket.message);
    stream_.auto_fragment(false); // a message is one frame: it is in memory anyway
    stream_.text(true);
    stream_.control_callback([this](beast::websocket::frame_type kind, beast::string_view) {
        heard();
        if (kind == beast::websocket::frame_type::close)
            peer_closes(ending::client_left);
    });
    environment_.metrics.web_socket_opened();
}

web_socket_connection::~web_socket_connection() {
    environment_.metrics.web_socket_ended(ending_);
}

awaitable<bool> web_socket_connection::accept(const request& q) {
    subprotocol_ = choose_subprotocol(q, offer_.options.subprotocols);
    stream_.set_option(beast::websocket::stream_base::decorator(
        [subprotocol = subprotocol_, id = q.request_id](beast::websocket::response_type& answer) {
            answer.set(beast::http::field::server, "Atrium");
            answer.set("X-Request-Id", id);
            if (!subprotocol.empty())
                answer.set(beast::http::field::sec_websocket_protocol, subprotocol);
        }));
    const auto handshake = handshake_of(q);
    writing_since_ = steady_clock::now();
    const auto [failure] = co_await stream_.async_accept(handshake, quietly);
    writing_since_.reset();
    if (failure)
        end(ending::client_left);
    co_return !failure;
}

/// Once both halves run, nothing may leave here before they have ended: they look at this object.
awaitable<> web_socket_connection::run(std::exception_ptr& failure) {
    start(read_all(), "read a web socket");
    start(write_all(), "write a web socket");
    if (environment_.is_draining)
        drain();
    std::exception_ptr thrown;
    try {
        co_await offer_.session(*this);
    } catch (...) {
        thrown = std::current_exception();
    }
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    session_has_ended_ = true;
    if (thrown && !told_to_stop_) {
        failure = thrown;
        if (is_open())
            ending_ = ending::failed;
        close(close_code::internal_error, {});
    }
    if (draining_since_)
        say_goodbye();
    close(close_code::normal, {});
    received_.reset();
    message_taken_.notify();
    while (halves_ > 0)
        co_await half_ended_.wait();
    co_await asio::this_coro::reset_cancellation_state(asio::enable_terminal_cancellation());
}

void web_socket_connection::start(awaitable<> half, const char* name) {
    ++halves_;
    asio::co_spawn(stream_.get_executor(), std::move(half), [this, name](std::exception_ptr failure) {
        --halves_;
        half_ended_.notify();
        if (!failure)
            return;
        cut_off(ending::failed); // the other half would go on alone
        environment_.log.error("a background task failed", {{"task", name}, {"reason", reason_of(failure)}});
    });
}

// ---- reading

awaitable<> web_socket_connection::read_all() {
    for (;;) {
        const auto [failure, count] = co_await stream_.async_read_some(arriving_, room_for_frame, quietly);
        if (failure) {
            end(is_refusal(failure) ? ending::refused : ending::client_left);
            co_return;
        }
        heard();
        if (!stream_.is_message_done())
            continue;
        if (!take_message())
            continue;
        something_received_.notify();
        while (received_ && is_open())
            co_await message_taken_.wait();
    }
}

/// Whether there is a message for the session. It may be dropped: the socket must be read until the peer has closed it.
bool web_socket_connection::take_message() {
    const bool is_heard = is_open() && !draining_since_;
    std::string text;
    if (is_heard)
        text.assign(static_cast<const char*>(arriving_.data().data()), arriving_.size());
    arriving_.consume(arriving_.size());
    if (arriving_.capacity() > most_buffer_kept)
        arriving_.shrink_to_fit();
    if (!is_heard)
        return false;
    if (stream_.got_binary()) {
        ending_ = ending::refused;
        close(close_code::unsupported_data, "only text is understood here");
        return false;
    }
    if (!is_utf8(text)) { // Beast misses a character that an empty last frame cuts short
        ending_ = ending::refused;
        close(close_code::invalid_payload, "text must be UTF-8");
        return false;
    }
    received_ = std::move(text);
    return true;
}

void web_socket_connection::heard() {
    last_heard_ = steady_clock::now();
    pinged_ = false;
}

awaitable<std::optional<std::string>> web_socket_connection::receive() {
    while (!received_ && is_open() && !draining_since_)
        co_await something_received_.wait();
    if (!is_open() || draining_since_)
        co_return std::nullopt;
    auto message = std::exchange(received_, std::nullopt);
    message_taken_.notify();
    co_return message;
}

// ---- writing

awaitable<> web_socket_connection::write_all() {
    while (!ended_at_ && !close_is_sent_) {
        boost::system::error_code failure;
        if (!queue_.empty()) {
            writing_since_ = steady_clock::now();
            const auto [ended, count] = co_await stream_.async_write(asio::buffer(queue_.front()), quietly);
            writing_since_.reset();
            failure = ended;
            queued_bytes_ -= queue_.front().size() + cost_of_message;
            queue_.pop_front();
            moved_ = steady_clock::now();
            room_in_queue_.notify();
        } else if (closing_since_) {
            close_is_sent_ = true;
            closing_since_ = steady_clock::now();
            (void)co_await stream_.async_close(
                {static_cast<beast::websocket::close_code>(closing_with_.code), to_beast(closing_with_.reason)}, quietly);
        } else if (std::exchange(ping_is_due_, false)) {
            writing_since_ = steady_clock::now();
            const auto [ended] = co_await stream_.async_ping({}, quietly);
            writing_since_.reset();
            failure = ended;
        } else {
            co_await something_to_write_.wait();
        }
        if (failure)
            co_return; // the half that reads sees it too
    }
}

bool web_socket_connection::send(std::string message) {
    if (!is_open())
        return false;
    if (!has_room(message.size())) {
        const auto kept = writing_since_ ? 1U : 0U; // Beast reads it
        while (queue_.size() > kept) {
            queued_bytes_ -= queue_.back().size() + cost_of_message;
            queue_.pop_back();
        }
        close_as_too_slow();
        return false;
    }
    queued_bytes_ += message.size() + cost_of_message;
    queue_.push_back(std::move(message));
    something_to_write_.notify();
    return true;
}

awaitable<bool> web_socket_connection::wait_for_room(std::size_t size) {
    if (!has_room(size)) {
        const counted_in here{waiting_for_room_};
        if (waiting_for_room_ == 1)
            moved_ = steady_clock::now();
        while (is_open() && !has_room(size))
            co_await room_in_queue_.wait();
    }
    co_return is_open();
}

/// One message may be larger than what may wait: it does not become more by being alone.
bool web_socket_connection::has_room(std::size_t size) const noexcept {
    return is_open() && (queue_.empty() || queued_bytes_ + size + cost_of_message <= environment_.settings.web_socket.unsent);
}

/// The peer takes nothing, and somebody waits for it. What a message takes that is too large to wait is no sign of that.
bool web_socket_connection::is_stuck(time_point now) const {
    if (waiting_for_room_ == 0 || queue_.empty())
        return false;
    const bool may_wait = queue_.front().size() + cost_of_message <= environment_.settings.web_socket.unsent;
    return may_wait && now - moved_ >= offer_.options.patience;
}

// ---- ending

void web_socket_connection::close(std::uint16_t code, std::string_view reason) {
    if (!is_open())
        return;
    if (ending_ == ending::none)
        ending_ = ending::finished;
    closing_with_ = {code, std::string{fitting_reason(reason)}};
    closing_since_ = steady_clock::now();
    tell_everybody();
}

void web_socket_connection::say_goodbye() {
    if (!is_open())
        return;
    ending_ = ending::shutdown;
    close(close_code::going_away, "the server shuts down");
}

void web_socket_connection::close_as_too_slow() {
    ending_ = ending::too_slow;
    close(offer_.options.too_slow.code, offer_.options.too_slow.reason);
}

/// Beast answers; what has not been sent yet will not be.
void web_socket_connection::peer_closes(ending why) {
    if (!is_open())
        return;
    ending_ = why;
    closing_since_ = steady_clock::now();
    close_is_sent_ = true;
    tell_everybody();
}

/// Nothing can come or go any more.
void web_socket_connection::end(ending why) {
    if (ended_at_)
        return;
    if (ending_ == ending::none)
        ending_ = why;
    ended_at_ = steady_clock::now();
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
    tell_everybody();
}

/// A reset: what is in the system's buffer is taken by nobody either.
void web_socket_connection::cut_off(ending why) {
    boost::system::error_code ignored;
    stream_.next_layer().set_option(tcp_socket::linger{true, 0}, ignored);
    end(why);
}

void web_socket_connection::tell_everybody() {
    something_received_.notify();
    message_taken_.notify();
    something_to_write_.notify();
    room_in_queue_.notify();
}

/// What was sent before may take as long as any answer, the other side's close what it is allowed.
web_socket_connection::time_point web_socket_connection::closing_deadline() const {
    const auto& s = environment_.settings;
    return *closing_since_ + s.web_socket.close + (close_is_sent_ ? std::chrono::milliseconds{0} : s.deadlines.write);
}

void web_socket_connection::check(time_point now) {
    const auto& s = environment_.settings;
    if (ended_at_) {
        if (!session_has_ended_ && now - *ended_at_ >= s.deadlines.handler) {
            ended_at_ = now; // should it not stop either, it is told again
            told_to_stop_ = true;
            stops_.emit(asio::cancellation_type::terminal);
        }
        return;
    }
    if (writing_since_ && now - *writing_since_ >= s.deadlines.write) {
        cut_off(ending::too_slow);
        return;
    }
    if (halves_ == 0)
        return; // the handshake
    if (!stream_.is_open())
        peer_closes(ending::refused); // it broke a rule, and Beast is at telling it so
    if (draining_since_ && now - *draining_since_ >= s.deadlines.handler)
        say_goodbye();
    if (closing_since_) {
        if (now >= closing_deadline())
            cut_off(ending::client_left);
        return;
    }
    if (is_stuck(now)) {
        close_as_too_slow();
        return;
    }
    if (received_) { // it is the session that is silent
        last_heard_ = now;
        return;
    }
    const auto silence = now - last_heard_;
    if (silence >= s.web_socket.silence) {
        cut_off(ending::silent);
    } else if (silence >= s.web_socket.ping && !pinged_) {
        pinged_ = true;
        ping_is_due_ = true;
        something_to_write_.notify();
    }
}

/// The session ends when it has finished what it is at. A message that it has not taken yet is for the next server.
void web_socket_connection::drain() {
    if (draining_since_)
        return;
    draining_since_ = steady_clock::now();
    received_.reset();
    something_received_.notify();
    message_taken_.notify();
}

void web_socket_connection::cut() {
    told_to_stop_ = true; // by the connection
    end(ending::shutdown);
}

} // namespace atrium::http
