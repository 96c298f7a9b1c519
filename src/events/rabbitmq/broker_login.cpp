#include "amqp.hpp"
#include "amqp_message.hpp"
#include "broker_connection.hpp"
#include "dial.hpp"

#include <openssl/ssl.h>

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <exception>
#include <new>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr int any_number_of_channels = 0;
constexpr int preferred_frame_size = 131'072; // bytes; RabbitMQ's default

timeval as_timeval(std::chrono::milliseconds duration) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
    return {.tv_sec = seconds.count(), .tv_usec = std::chrono::microseconds{duration - seconds}.count()};
}

int status_of(dial_failure f) {
    switch (f) {
    case dial_failure::unknown_host: return AMQP_STATUS_HOSTNAME_RESOLUTION_FAILED;
    case dial_failure::refused: return AMQP_STATUS_SOCKET_ERROR;
    case dial_failure::timed_out:
    case dial_failure::stopped: break;
    }
    return AMQP_STATUS_TIMEOUT;
}

struct watched_handshake {
    watchdog& guard;
    std::exception_ptr failure = nullptr; ///< why the socket could not be watched
};

/// OpenSSL calls this at each step of a handshake; from the first step on, the socket is known. No exception may pass through
/// OpenSSL and librabbitmq, which are written in C; so a socket that cannot be watched is shut down, which ends the handshake.
void watch_handshake(const SSL* ssl, int where, int) noexcept {
    if ((where & SSL_CB_HANDSHAKE_START) == 0)
        return;
    auto& handshake = *static_cast<watched_handshake*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
    try {
        handshake.guard.watch(SSL_get_fd(ssl));
    } catch (...) {
        handshake.failure = std::current_exception();
        ::shutdown(SSL_get_fd(ssl), SHUT_RDWR);
    }
}

amqp_table_entry_t flag_entry(const char* name) {
    amqp_table_entry_t entry{};
    entry.key = amqp_cstring_bytes(name);
    entry.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entry.value.value.boolean = 1;
    return entry;
}

/// The error if the broker has closed the connection or a channel instead of granting a request.
broker_error refusal(const amqp_rpc_reply_t& reply, const broker_url& url, const attempt& a) {
    if (reply.reply.id == AMQP_CONNECTION_CLOSE_METHOD) {
        const auto& m = *static_cast<const amqp_connection_close_t*>(reply.reply.decoded);
        return closed_error(m.reply_code, as_text(m.reply_text), url, a);
    }
    const auto& m = *static_cast<const amqp_channel_close_t*>(reply.reply.decoded);
    return closed_error(m.reply_code, as_text(m.reply_text), url, a);
}

} // namespace

void broker_connection::open_socket() {
    const auto deadline = std::chrono::steady_clock::now() + settings_.connect_timeout;
    auto connection = dial(settings_.url.host, settings_.url.port, deadline, wake_, watchdog_);
    if (connection.socket.get() < 0)
        throw connect_error(status_of(connection.failure), settings_.url, settings_.ca_file);
    if (settings_.url.tls) {
        connection.socket = socket_handle{}; // closes the socket, which was only needed to find out that the host answers
        return open_tls_socket(deadline);
    }
    amqp_socket_t* socket = amqp_tcp_socket_new(state_.get());
    if (!socket)
        throw std::bad_alloc{};
    amqp_tcp_socket_set_sockfd(socket, connection.socket.release());
}

/// librabbitmq connects a TLS socket itself, and there is no way to interrupt that. So this function is called only for a host
/// that has just answered, and the watchdog guards the handshake, which takes most of the time. librabbitmq spends all
/// remaining time on the host's first address (docs/rabbitmq.md, Known limits).
void broker_connection::open_tls_socket(std::chrono::steady_clock::time_point deadline) {
    amqp_socket_t* socket = amqp_ssl_socket_new(state_.get());
    if (!socket)
        throw std::bad_alloc{};
    amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST);
    amqp_ssl_socket_set_verify_peer(socket, settings_.verify);
    amqp_ssl_socket_set_verify_hostname(socket, settings_.verify);
    if (settings_.verify && amqp_ssl_socket_set_cacert(socket, settings_.ca_file.c_str()) != AMQP_STATUS_OK)
        throw broker_error{"cannot read certificates from " + settings_.ca_file,
                           "set bus.rabbitmq.ca_file to a file of PEM certificates", broker_error::remedy::manual};
    auto* context = static_cast<SSL_CTX*>(amqp_ssl_socket_get_context(socket));
    watched_handshake handshake{watchdog_};
    SSL_CTX_set_app_data(context, &handshake);
    SSL_CTX_set_info_callback(context, watch_handshake);

    const auto remaining =
        std::max(std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()), 1ms);
    const auto limit = as_timeval(remaining);
    const auto guard = guarded();
    const auto status = amqp_socket_open_noblock(socket, settings_.url.host.c_str(), settings_.url.port, &limit);
    SSL_CTX_set_info_callback(context, nullptr);
    SSL_CTX_set_app_data(context, nullptr);
    if (handshake.failure)
        std::rethrow_exception(handshake.failure);
    if (status != AMQP_STATUS_OK)
        throw connect_error(status, settings_.url, settings_.ca_file);
}

void broker_connection::login() {
    const auto limit = as_timeval(settings_.connect_timeout);
    amqp_set_handshake_timeout(state_.get(), &limit);
    amqp_set_rpc_timeout(state_.get(), &limit);

    // With these capabilities, RabbitMQ reports why a login has failed, that a consumer was cancelled, and that the broker is
    // short of memory or disk. RabbitMQ reports none of this to a client without the capabilities.
    std::array capabilities{flag_entry("authentication_failure_close"), flag_entry("consumer_cancel_notify"),
                            flag_entry("connection.blocked"), flag_entry("publisher_confirms"), flag_entry("basic.nack")};
    std::array properties{text_entry("product", "Atrium"), text_entry("connection_name", settings_.name), amqp_table_entry_t{}};
    properties[2].key = as_bytes("capabilities");
    properties[2].value.kind = AMQP_FIELD_KIND_TABLE;
    properties[2].value.value.table = {static_cast<int>(capabilities.size()), capabilities.data()};
    const amqp_table_t table{static_cast<int>(properties.size()), properties.data()};

    const auto guard = guarded();
    const auto reply =
        amqp_login_with_properties(state_.get(), settings_.url.vhost.c_str(), any_number_of_channels, preferred_frame_size,
                                   static_cast<int>(settings_.heartbeat.count()), &table, AMQP_SASL_METHOD_PLAIN,
                                   settings_.url.user.c_str(), settings_.url.password.c_str());
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
        throw refusal(reply, settings_.url, {"log in to virtual host", settings_.url.vhost});
    // A TLS port resets a plain connection. This must not be reported as a refused connection.
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        throw connect_error(reply.library_error == AMQP_STATUS_SOCKET_ERROR ? AMQP_STATUS_CONNECTION_CLOSED
                                                                            : reply.library_error,
                            settings_.url, settings_.ca_file);
}

void broker_connection::open_channel(std::uint16_t channel) {
    const auto guard = guarded();
    amqp_channel_open(state_.get(), channel);
    check_request({"open a channel"});
}

void broker_connection::check_request(const attempt& a) const {
    const auto reply = amqp_get_rpc_reply(state_.get());
    if (reply.reply_type == AMQP_RESPONSE_SERVER_EXCEPTION)
        throw refusal(reply, settings_.url, a);
    if (reply.reply_type != AMQP_RESPONSE_NORMAL)
        throw lost_error(reply.library_error, a);
    amqp_maybe_release_buffers(state_.get());
}

void broker_connection::check_status(int status, const attempt& a) const {
    if (status != AMQP_STATUS_OK)
        throw lost_error(status, a);
}

/// Returns a guard whose limit is longer than any call takes while the peer is alive: heartbeats and timeouts of librabbitmq
/// expire earlier.
watchdog::guard broker_connection::guarded() const {
    return {watchdog_, std::max<std::chrono::milliseconds>(2 * settings_.heartbeat, settings_.connect_timeout) + 1s};
}

} // namespace atrium::events::rabbitmq
