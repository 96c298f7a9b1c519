#include "sockets/tls_session.hpp"

#include "sockets/tls_error.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <new>

namespace atrium::http {
namespace {

using boost::system::error_code;

constexpr int max_records_without_data =
    32; // few are normal: a client's key update after gigabytes, and one or two tickets of a server at the start

handshake_guard::version version_of(const SSL& session) {
    const auto state = ::SSL_get_state(&session);
    if (state == TLS_ST_BEFORE || state == TLS_ST_SR_CLNT_HELLO)
        return handshake_guard::version::none;
    return ::SSL_version(&session) == TLS1_3_VERSION ? handshake_guard::version::v1_3 : handshake_guard::version::v1_2;
}

bool would_block(int number) {
    return number == EAGAIN || number == EWOULDBLOCK || number == EINTR;
}

} // namespace

/// The socket of the current call, and the failure of that socket.
struct tls_session::socket_access {
    int socket = -1;
    bool is_blocked = false;
    bool is_at_end = false;
    int failure = 0;                  ///< the value of errno
    handshake_guard* guard = nullptr; ///< only for a server during the handshake
    SSL* session = nullptr;

    static int read(BIO* bio, char* target, int size);
    static int write(BIO* bio, const char* bytes, int size);
    static long control(BIO* bio, int command, long argument, void* pointer);
    static const BIO_METHOD* method();
    static socket_access& of(BIO* bio) { return *static_cast<socket_access*>(::BIO_get_data(bio)); }
};

// OpenSSL's own functions for sockets would raise SIGPIPE, and keep a descriptor that may already belong to another connection.
int tls_session::socket_access::read(BIO* bio, char* target, int size) {
    auto& self = of(bio);
    ::BIO_clear_retry_flags(bio);
    const auto count = ::recv(self.socket, target, static_cast<std::size_t>(size), MSG_DONTWAIT);
    if (count >= 0) {
        self.is_at_end = count == 0;
        if (self.guard == nullptr || self.guard->accept({target, static_cast<std::size_t>(count)}, version_of(*self.session)))
            return static_cast<int>(count);
        self.failure = EMSGSIZE;
        return -1;
    }
    if (would_block(errno)) {
        self.is_blocked = true;
        ::BIO_set_retry_read(bio);
    } else {
        self.failure = errno;
    }
    return -1;
}

int tls_session::socket_access::write(BIO* bio, const char* bytes, int size) {
    auto& self = of(bio);
    ::BIO_clear_retry_flags(bio);
    const auto count = ::send(self.socket, bytes, static_cast<std::size_t>(size), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count >= 0)
        return static_cast<int>(count);
    if (would_block(errno))
        ::BIO_set_retry_write(bio);
    else
        self.failure = errno;
    return -1;
}

long tls_session::socket_access::control(BIO* bio, int command, long /*argument*/, void* /*pointer*/) {
    switch (command) {
    case BIO_CTRL_FLUSH: return 1;
    case BIO_CTRL_EOF: return of(bio).is_at_end ? 1 : 0;
    default: return 0;
    }
}

const BIO_METHOD* tls_session::socket_access::method() {
    static BIO_METHOD* const created = [] {
        auto* m = ::BIO_meth_new(::BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket of a connection");
        if (m == nullptr)
            throw std::bad_alloc{};
        ::BIO_meth_set_read(m, read);
        ::BIO_meth_set_write(m, write);
        ::BIO_meth_set_ctrl(m, control);
        return m;
    }();
    return created;
}

void tls_session::deleter::operator()(ssl_st* session) const noexcept {
    ::SSL_free(session);
}

tls_session::tls_session(const tls_context& context, tls_role role)
    : access_{std::make_unique<socket_access>()}, session_{::SSL_new(context.get())} {
    BIO* bio = session_ ? ::BIO_new(socket_access::method()) : nullptr;
    if (bio == nullptr)
        throw std::bad_alloc{};
    ::BIO_set_data(bio, access_.get());
    ::BIO_set_init(bio, 1);
    ::SSL_set_bio(session_.get(), bio, bio); // the session owns the BIO from now on
    if (role == tls_role::server) {
        guard_ = std::make_unique<handshake_guard>();
        ::SSL_set_accept_state(session_.get());
    } else {
        ::SSL_set_connect_state(session_.get());
    }
}

tls_session::~tls_session() = default;

void tls_session::expect_server(const std::string& host) {
    auto* session = session_.get();
    error_code not_an_address;
    asio::ip::make_address(host, not_an_address);
    bool is_set = false;
    if (not_an_address) {
        // Only DNS names count, never the CN of the subject (RFC 9525, section 2).
        ::SSL_set_hostflags(session, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
        is_set = ::SSL_set1_host(session, host.c_str()) == 1 && ::SSL_set_tlsext_host_name(session, host.c_str()) == 1;
    } else { // an address is not sent as a server name (RFC 6066, section 3)
        is_set = ::X509_VERIFY_PARAM_set1_ip_asc(::SSL_get0_param(session), host.c_str()) == 1;
    }
    if (!is_set)
        throw boost::system::system_error{last_openssl_error(), "the name of a server cannot be checked"};
    ::SSL_set_verify(session, SSL_VERIFY_PEER, nullptr);
}

error_code tls_session::failure_of_operation() const noexcept {
    if (access_->failure != 0)
        return {access_->failure, boost::system::system_category()};
    if (access_->is_at_end)
        return tls_error::truncated;
    const auto number = ::ERR_peek_error();
    const bool refused_certificate =
        ERR_GET_LIB(number) == ERR_LIB_SSL && ERR_GET_REASON(number) == SSL_R_CERTIFICATE_VERIFY_FAILED;
    return refused_certificate ? make_certificate_error(::SSL_get_verify_result(session_.get())) : last_openssl_error();
}

/// Performs one step of TLS on the socket.
/// @param operation calls a function of OpenSSL and returns its result; it gets the session, and a reference in which it stores
/// the number of bytes
template <class Operation>
tls_result tls_session::run(int socket, Operation operation) {
    *access_ = {.socket = socket, .guard = guard_.get(), .session = session_.get()};
    ::ERR_clear_error();
    tls_result result;
    const int outcome = operation(session_.get(), result.count);
    if (outcome > 0)
        return result;
    result.count = 0;
    switch (::SSL_get_error(session_.get(), outcome)) {
    case SSL_ERROR_WANT_READ: result.failure = asio::error::would_block; break;
    case SSL_ERROR_WANT_WRITE:
        result.failure = asio::error::would_block;
        result.direction = tcp_socket::wait_write;
        break;
    case SSL_ERROR_ZERO_RETURN: result.failure = asio::error::eof; break;
    default: result.failure = failure_of_operation(); is_broken_ = true;
    }
    return result;
}

/// Like `run`, for an operation that reads. It skips records without data.
template <class Operation>
tls_result tls_session::receive(int socket, Operation operation) {
    for (;;) {
        const auto result = run(socket, operation);
        if (!result.failure)
            records_without_data_ = 0;
        const bool is_skipped =
            result.failure == asio::error::would_block && result.direction == tcp_socket::wait_read && !access_->is_blocked;
        if (!is_skipped)
            return result;
        if (++records_without_data_ > max_records_without_data) {
            is_broken_ = true;
            return {.failure = tls_error::too_many_records};
        }
    }
}

tls_result tls_session::shake_hands(int socket) {
    const auto result = run(socket, [](SSL* session, std::size_t&) { return ::SSL_do_handshake(session); });
    if (!result.failure)
        guard_.reset();
    return result;
}

tls_result tls_session::read(int socket, std::span<char> target) {
    if (target.empty())
        return {};
    return receive(socket, [target](SSL* session, std::size_t& count) {
        return ::SSL_read_ex(session, target.data(), target.size(), &count);
    });
}

tls_result tls_session::peek(int socket) {
    return receive(socket, [](SSL* session, std::size_t& count) {
        char byte = 0;
        return ::SSL_peek_ex(session, &byte, 1, &count);
    });
}

tls_result tls_session::write(int socket, std::span<const char> bytes) {
    if (bytes.empty())
        return {};
    return run(socket, [piece = bytes.first(std::min(bytes.size(), max_record))](SSL* session, std::size_t& count) {
        return ::SSL_write_ex(session, piece.data(), piece.size(), &count);
    });
}

void tls_session::close_notify(int socket) noexcept {
    if (is_broken_ || ::SSL_is_init_finished(session_.get()) == 0)
        return;
    *access_ = {.socket = socket, .session = session_.get()};
    ::ERR_clear_error();
    (void)::SSL_shutdown(session_.get());
}

bool tls_session::has_pending() const noexcept {
    return ::SSL_has_pending(session_.get()) != 0;
}

} // namespace atrium::http
