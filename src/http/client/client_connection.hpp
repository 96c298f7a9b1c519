#pragma once

#include "sockets/transport_socket.hpp"

#include <base/timer.hpp>
#include <http/client.hpp>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <string_view>

namespace atrium::http {

/// A connection to another server, on the thread that opened it. It carries one exchange (a request and its response) at a
/// time, and cannot be used again after a failed exchange. An idle connection waits for nothing, so it does not keep its
/// io_context running.
class client_connection : public std::enable_shared_from_this<client_connection> {
public:
    explicit client_connection(const executor& own_executor) : socket_{tcp_socket{own_executor}}, timer_{own_executor} {}

    /// Called before `connect` or `exchange`: the connection closes itself at `deadline`, which ends its current wait.
    void begin_exchange(std::chrono::steady_clock::time_point deadline);
    /// Called after an exchange: removes the deadline.
    void end_exchange();
    /// Whether the connection has closed itself at its deadline.
    [[nodiscard]] bool is_expired() const noexcept { return is_expired_; }

    /// Connects and, if the URL is https, completes a TLS handshake. For https, `tls` contains the trusted authorities;
    /// otherwise it is null.
    [[nodiscard]] awaitable<boost::system::error_code> connect(const base_url& url, const tls_context& tls);

    /// Sends a request and reads the response. Errors: an error of the socket if the connection is dead; an error of Beast if
    /// the response cannot be used (see `is_unusable`).
    [[nodiscard]] awaitable<boost::system::error_code> exchange(std::string_view request, const client_settings& limits,
                                                                client_response& answer);

    /// After an exchange: whether the connection can be used for another exchange.
    [[nodiscard]] bool may_be_kept() const noexcept { return may_be_kept_; }

    /// Whether the other side has neither closed the connection nor sent anything, as far as can be seen now.
    [[nodiscard]] bool looks_alive() { return socket_.is_quiet(); }

private:
    awaitable<boost::system::error_code> open(const base_url& url);
    awaitable<boost::system::error_code> open_by_name(const base_url& url);
    awaitable<boost::system::error_code> shake_hands(const base_url& url, const tls_context& tls);
    awaitable<boost::system::error_code> receive(const client_settings& limits, client_response& answer);

    transport_socket socket_;
    steady_timer timer_;
    std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
    boost::beast::flat_buffer buffer_;
    bool is_expired_ = false;
    bool may_be_kept_ = false;
};

/// Whether an error means that the response is not HTTP, or exceeds the limits.
[[nodiscard]] bool is_unusable(const boost::system::error_code& failure);

} // namespace atrium::http
