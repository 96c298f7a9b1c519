#include "client/client_connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/ip/basic_resolver.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <string>
#include <utility>

namespace atrium::http {
namespace {

namespace beast_http = boost::beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

/// Waits without throwing: the error code is part of the result.
constexpr auto quietly = asio::as_tuple(asio::deferred);

constexpr std::size_t read_size = 16 * 1024;

/// A name lookup. The system's lookup cannot be cancelled: a caller that stops waiting abandons this object, which the
/// completion handler owns until the lookup ends.
struct lookup {
    using resolver = asio::ip::basic_resolver<tcp, executor>;

    explicit lookup(const executor& executor) : names{executor}, end_signal{executor} {}

    resolver names;
    steady_timer end_signal; ///< cancelled when the lookup ends
    bool has_ended = false;
    error_code failure;
    resolver::results_type addresses;
};

} // namespace

void client_connection::begin_exchange(steady_clock::time_point deadline) {
    deadline_ = deadline;
    may_be_kept_ = false;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = weak_from_this()](const error_code&) {
        const auto self = weak.lock();
        if (!self ||
            steady_clock::now() < self->deadline_) // the connection was destroyed, is idle, or is already in the next exchange
            return;
        self->is_expired_ = true;
        self->socket_.close();
    });
}

void client_connection::end_exchange() {
    deadline_ = steady_clock::time_point::max();
    timer_.cancel();
}

awaitable<error_code> client_connection::connect(const base_url& url, const tls_context& tls) {
    const auto failure = co_await open(url);
    if (failure)
        co_return failure;
    error_code ignored; // ignored, because the first write fails if the connection is broken
    socket_.tcp().set_option(tcp::no_delay{true}, ignored);
    if (!url.is_secure)
        co_return failure;
    co_return co_await shake_hands(url, tls);
}

awaitable<error_code> client_connection::open(const base_url& url) {
    error_code failure;
    const auto address = asio::ip::make_address(url.host, failure);
    if (failure)
        co_return co_await open_by_name(url);
    const auto [ended] = co_await socket_.tcp().async_connect({address, url.port}, quietly);
    co_return ended;
}

awaitable<error_code> client_connection::shake_hands(const base_url& url, const tls_context& tls) {
    auto session = std::make_unique<tls_session>(tls, tls_role::client);
    session->expect_server(url.host);
    socket_.start_tls(std::move(session));
    for (;;) {
        const auto step = socket_.shake_hands();
        if (step.failure != asio::error::would_block)
            co_return step.failure;
        const auto [failure] = co_await socket_.tcp().async_wait(step.direction, quietly);
        if (failure)
            co_return failure;
    }
}

awaitable<error_code> client_connection::open_by_name(const base_url& url) {
    const auto own_executor = socket_.get_executor();
    const auto query = std::make_shared<lookup>(own_executor);
    query->end_signal.expires_at(deadline_);
    query->names.async_resolve(url.host, std::to_string(url.port), lookup::resolver::numeric_service,
                               [query](const error_code& failure, lookup::resolver::results_type addresses) {
                                   query->has_ended = true;
                                   query->failure = failure;
                                   query->addresses = std::move(addresses);
                                   query->end_signal.cancel();
                               });
    const auto [stopped] = co_await query->end_signal.async_wait(quietly); // waits until the lookup ends or the deadline passes
    if (!query->has_ended)
        co_return stopped ? asio::error::operation_aborted : asio::error::timed_out;
    if (query->failure)
        co_return query->failure;
    const auto [failure, endpoint] = co_await asio::async_connect(socket_.tcp(), query->addresses, quietly);
    co_return failure;
}

awaitable<error_code> client_connection::exchange(std::string_view request, const client_settings& limits,
                                                  client_response& answer) {
    const auto [failure, sent] = co_await asio::async_write(socket_, asio::buffer(request.data(), request.size()), quietly);
    if (failure)
        co_return failure;
    co_return co_await receive(limits, answer);
}

awaitable<error_code> client_connection::receive(const client_settings& limits, client_response& answer) {
    beast_http::response_parser<beast_http::string_body> parser;
    parser.eager(true);
    parser.header_limit(static_cast<std::uint32_t>(limits.header));
    parser.body_limit(limits.body);

    while (!parser.is_done()) {
        const auto [failure, count] = co_await socket_.async_read_some(buffer_.prepare(read_size), quietly);
        error_code parse_failure;
        if (failure == asio::error::eof && parser.got_some())
            parser.put_eof(parse_failure); // the regular end of a response that has no length
        else if (failure)
            co_return failure;
        buffer_.commit(count);
        if (count > 0)
            buffer_.consume(parser.put(asio::const_buffer{buffer_.data()}, parse_failure));
        if (parse_failure == beast_http::error::partial_message)
            co_return asio::error::eof;
        if (parse_failure && parse_failure != beast_http::error::need_more)
            co_return parse_failure;
        if (buffer_.size() > limits.header + read_size) // a chunk header that does not end
            co_return beast_http::error::buffer_overflow;
    }

    auto& message = parser.get();
    if (beast_http::to_status_class(message.result()) == beast_http::status_class::informational)
        co_return beast_http::error::bad_status; // an interim response, which the client never requests
    const bool has_ambiguous_end = message.count(beast_http::field::transfer_encoding) > 0 && // RFC 9112, section 6.3
                                   message.count(beast_http::field::content_length) > 0;
    may_be_kept_ = parser.keep_alive() && buffer_.size() == 0 && !has_ambiguous_end && !is_expired_;
    answer.status = message.result_int();
    for (const auto& each : message)
        answer.headers.emplace_back(each.name_string(), each.value());
    answer.body = std::move(message.body());
    co_return error_code{};
}

bool is_unusable(const error_code& failure) {
    return failure.category() == beast_http::make_error_code(beast_http::error::bad_status).category();
}

} // namespace atrium::http
