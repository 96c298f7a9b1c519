#include "sockets/tls_context.hpp"

#include "sockets/ticket_keys.hpp"
#include "sockets/tls_error.hpp"

#include <boost/system/system_error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr int min_security_level = 2; // 112 bits: RSA from 2048 bits on
constexpr std::size_t tickets = 1;    // number of tickets for each full handshake of TLS 1.3

} // namespace

tls_context make_tls_context(tls_role role) {
    ::ERR_clear_error();
    const tls_context context{::SSL_CTX_new(role == tls_role::server ? ::TLS_server_method() : ::TLS_client_method()),
                              ::SSL_CTX_free};
    if (!context || ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION) != 1)
        throw boost::system::system_error{last_openssl_error(), "TLS cannot be set up"};
    auto* c = context.get();
    ::SSL_CTX_set_security_level(c, std::max(min_security_level, ::SSL_CTX_get_security_level(c)));
    ::SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    // SSL_read returns after each record, so that the peer cannot keep it busy with empty records. Buffers are freed
    // while they are empty, because most connections are idle.
    ::SSL_CTX_clear_mode(c, SSL_MODE_AUTO_RETRY);
    ::SSL_CTX_set_mode(c, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    ::SSL_CTX_set_read_ahead(c, 1); // one system call for each record instead of two
    ::SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_OFF);
    ::SSL_CTX_set_num_tickets(c, tickets);
    ::SSL_CTX_set_timeout(c, static_cast<long>(ticket_keys::lifetime.count()));
    return context;
}

} // namespace atrium::http
