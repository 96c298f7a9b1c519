#include <support/tls_layer.hpp>

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <stdexcept>

namespace atrium::support {
namespace {

int number_of(tls_version v) {
    switch (v) {
    case tls_version::v1_1: return TLS1_1_VERSION;
    case tls_version::v1_2: return TLS1_2_VERSION;
    case tls_version::v1_3: return TLS1_3_VERSION;
    }
    return 0;
}

std::shared_ptr<SSL_CTX> make_context(const SSL_METHOD* method) {
    std::signal(SIGPIPE, SIG_IGN); // OpenSSL writes to sockets without MSG_NOSIGNAL
    std::shared_ptr<SSL_CTX> context{::SSL_CTX_new(method), ::SSL_CTX_free};
    if (!context)
        throw std::runtime_error{"OpenSSL cannot be set up"};
    return context;
}

std::string last_reason() {
    const auto number = ::ERR_peek_last_error();
    const auto* reason = number != 0 ? ::ERR_reason_error_string(number) : nullptr;
    return reason != nullptr ? reason : "the connection ended";
}

/// Makes a socket non-blocking until the end of the scope, if `is_nonblocking`.
class nonblocking_scope {
public:
    explicit nonblocking_scope(int socket, bool is_nonblocking) : socket_{socket}, flags_{::fcntl(socket, F_GETFL)} {
        if (is_nonblocking)
            ::fcntl(socket_, F_SETFL, flags_ | O_NONBLOCK);
    }
    ~nonblocking_scope() { ::fcntl(socket_, F_SETFL, flags_); }
    nonblocking_scope(const nonblocking_scope&) = delete;
    nonblocking_scope& operator=(const nonblocking_scope&) = delete;

private:
    int socket_;
    int flags_;
};

} // namespace

tls_layer::tls_layer(int socket, const tls_options& o) : socket_{socket}, context_{make_context(::TLS_client_method())} {
    auto* context = context_.get();
    ::SSL_CTX_set_security_level(context, o.min_version == tls_version::v1_1 ? 0 : 1);
    ::SSL_CTX_set_min_proto_version(context, number_of(o.min_version));
    ::SSL_CTX_set_max_proto_version(context, number_of(o.max_version));
    std::string offer;
    for (const auto& each : o.protocols)
        offer += static_cast<char>(each.size()) + each;
    if (!offer.empty())
        ::SSL_CTX_set_alpn_protos(context, reinterpret_cast<const unsigned char*>(offer.data()),
                                  static_cast<unsigned>(offer.size()));
    if (!o.trust.empty()) {
        ::SSL_CTX_load_verify_locations(context, o.trust.c_str(), nullptr);
        ::SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    }
    session_ = {::SSL_new(context), ::SSL_free};
    if (!o.trust.empty())
        ::SSL_set1_host(session_.get(), o.host.c_str());
    ::SSL_set_fd(session_.get(), socket);
    ::SSL_set_connect_state(session_.get());
}

tls_layer::tls_layer(int socket, const pem_files& files) : socket_{socket}, context_{make_context(::TLS_server_method())} {
    if (::SSL_CTX_use_certificate_chain_file(context_.get(), files.certificate.c_str()) != 1 ||
        ::SSL_CTX_use_PrivateKey_file(context_.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw std::runtime_error{"the certificate cannot be loaded"};
    session_ = {::SSL_new(context_.get()), ::SSL_free};
    ::SSL_set_fd(session_.get(), socket);
    ::SSL_set_accept_state(session_.get());
}

tls_layer::~tls_layer() = default;

std::string tls_layer::shake_hands() {
    has_shaken_hands_ = true;
    ::ERR_clear_error();
    return ::SSL_do_handshake(session_.get()) == 1 ? "" : last_reason();
}

ssize_t tls_layer::outcome(int result) {
    if (result > 0)
        return result;
    switch (::SSL_get_error(session_.get(), result)) {
    case SSL_ERROR_ZERO_RETURN: return 0;
    case SSL_ERROR_WANT_READ:
    case SSL_ERROR_WANT_WRITE: errno = EAGAIN; return -1;
    case SSL_ERROR_SYSCALL: return errno == 0 ? 0 : -1;
    default: break;
    }
    if (ERR_GET_REASON(::ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING)
        return 0;
    errno = EPROTO;
    return -1;
}

ssize_t tls_layer::send(const char* bytes, std::size_t size) {
    if (!has_shaken_hands_)
        if (const auto reason = shake_hands(); !reason.empty())
            throw std::runtime_error{"handshake: " + reason};
    ::ERR_clear_error();
    errno = 0;
    return outcome(::SSL_write(session_.get(), bytes, static_cast<int>(size)));
}

ssize_t tls_layer::receive(char* target, std::size_t size, int flags) {
    if (!has_shaken_hands_)
        return ::recv(socket_, target, size, flags);
    const nonblocking_scope scope{socket_, (flags & MSG_DONTWAIT) != 0};
    ::ERR_clear_error();
    errno = 0;
    const auto count = static_cast<int>(size);
    return outcome((flags & MSG_PEEK) != 0 ? ::SSL_peek(session_.get(), target, count)
                                           : ::SSL_read(session_.get(), target, count));
}

void tls_layer::notify_of_end() {
    ::ERR_clear_error();
    if (has_shaken_hands_)
        (void)::SSL_shutdown(session_.get());
}

bool tls_layer::was_notified() const {
    return (::SSL_get_shutdown(session_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

std::string tls_layer::renegotiate() {
    ::ERR_clear_error();
    if (::SSL_renegotiate(session_.get()) != 1)
        return last_reason();
    return ::SSL_do_handshake(session_.get()) == 1 ? "" : last_reason();
}

bool tls_layer::update_key() {
    ::ERR_clear_error();
    return ::SSL_key_update(session_.get(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && ::SSL_do_handshake(session_.get()) == 1;
}

std::string tls_layer::version() const {
    return ::SSL_get_version(session_.get());
}

std::string tls_layer::protocol() const {
    const unsigned char* chosen = nullptr;
    unsigned size = 0;
    ::SSL_get0_alpn_selected(session_.get(), &chosen, &size);
    return {reinterpret_cast<const char*>(chosen), size};
}

std::string tls_layer::peer_serial() const {
    const std::shared_ptr<X509> certificate{::SSL_get1_peer_certificate(session_.get()), ::X509_free};
    if (!certificate)
        return {};
    return std::to_string(::ASN1_INTEGER_get(::X509_get0_serialNumber(certificate.get())));
}

bool is_over_tls() {
    static const bool is_set = std::getenv("ATRIUM_HTTP_OVER_TLS") != nullptr;
    return is_set;
}

const pem_files& common_certificate() {
    static certificate_authority authority;
    static const pem_files files = authority.issue();
    return files;
}

} // namespace atrium::support
