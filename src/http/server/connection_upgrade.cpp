// The part of `connection` for responses that continue after their header: streamed bodies and WebSockets.
#include "messages/continuation.hpp"
#include "server/connection.hpp"
#include "server/worker.hpp"
#include "stream/body_stream.hpp"
#include "web_socket/web_socket_connection.hpp"
#include "web_socket/web_socket_handshake.hpp"

namespace atrium::http {

using std::chrono::steady_clock;
using event = connection_event;

/// Returns false if the connection must end afterwards.
awaitable<bool> connection::continue_after_header(const router::match& match, response& answer) {
    const auto& sites = worker_.common().sites;
    const bool is_web_socket = answer.after_header->web_socket.has_value();
    if (const auto* cause = is_web_socket ? sites.refuse_web_socket(request_) : sites.refuse_stream(request_)) {
        auto refused = make_policy_refusal(*cause);
        co_return finish_answer(match, refused);
    }
    if (is_web_socket)
        co_return co_await become_web_socket(match, answer);

    const bool stays_open = finish_answer(match, answer);
    if (request_.method == verb::head)
        co_return stays_open;
    const bool is_sent = co_await stream_body(*match.found, answer.after_header->produce);
    co_return is_sent&& stays_open && !worker_.is_draining();
}

awaitable<bool> connection::stream_body(const route& r, const body_producer& produce) {
    std::exception_ptr failure;
    bool is_sent = false;
    if (!output_.is_plain()) { // the stream sends only the text of the output, so everything else must be sent first
        is_sent = co_await flush();
        if (!is_sent)
            co_return false;
    }
    {
        const bool is_chunked = request_.version >= 11;
        body_stream body{{worker_.environment(), socket_, output_.text(), cancel_, is_chunked, request_.principal.get()}};
        upgraded_ = &body;
        apply(event::begin_stream);
        is_sent = co_await body.run(produce, failure);
        upgraded_ = nullptr;
    }
    if (failure)
        (void)answer_for_failure(failure, r); // only logs the failure, because the header has already been sent
    apply(event::end_stream);
    if (is_sent)
        co_return true;
    if (request_.version < 11) // only a reset distinguishes a body that was broken off from a complete one
        reset();
    apply(event::close);
    co_return false;
}

awaitable<bool> connection::become_web_socket(const router::match& match, response& answer) {
    auto refused = refuse_handshake(request_);
    // RFC 6455, section 4.1: it is not certain whether data after the handshake are frames or the next request.
    if (!refused && framer_.has_unread())
        refused = problem(status::bad_request, "no data may follow a WebSocket handshake before its response");
    if (refused)
        co_return finish_answer(match, *refused);
    const bool is_sent = co_await flush(); // sends the responses to earlier requests
    if (!is_sent)
        co_return false;

    const auto duration = steady_clock::now() - answer_began_;
    record_answer(match, answer.status, 0, duration);
    std::exception_ptr failure;
    {
        web_socket_connection socket{worker_.environment(), std::move(socket_), *answer.after_header->web_socket, cancel_};
        upgraded_ = &socket;
        apply(event::begin_stream);
        const bool is_open = co_await socket.accept(request_);
        if (is_open)
            co_await socket.run(failure);
        upgraded_ = nullptr;
    }
    if (failure)
        (void)answer_for_failure(failure, *match.found);
    apply(event::end_stream);
    apply(event::close);
    co_return false;
}

} // namespace atrium::http
