#include "sockets/certificate.hpp"

#include "sockets/tls_error.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <ctime>
#include <string_view>
#include <utility>

namespace atrium::http {
namespace {

constexpr std::string_view protocol = "http/1.1";

[[noreturn]] void fail(std::string_view setting, const std::string& file, const std::string& reason) {
    throw certificate_error{std::string{setting} + ": " + file + " cannot be used: " + reason};
}

/// Encrypted keys are not supported, and the program must not ask for a password at a terminal.
int refuse_password(char* /*target*/, int /*size*/, int /*is_for_writing*/, void* was_asked) {
    *static_cast<bool*>(was_asked) = true;
    return -1;
}

void load_key(SSL_CTX* context, const std::string& file) {
    bool was_asked = false;
    ::SSL_CTX_set_default_passwd_cb(context, refuse_password);
    ::SSL_CTX_set_default_passwd_cb_userdata(context, &was_asked);
    ::ERR_clear_error();
    const bool is_loaded = ::SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1;
    ::SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (was_asked)
        fail("tls.key", file, "it is encrypted; a key without a password is needed");
    // If the key has another type than that of the certificate (RSA, EC), OpenSSL loads it without an error. If it has the same
    // type but belongs to another certificate, OpenSSL does not load it and reports an error of its X.509 library.
    const bool is_other_key =
        is_loaded ? ::SSL_CTX_check_private_key(context) != 1 : ERR_GET_LIB(::ERR_peek_error()) == ERR_LIB_X509;
    if (is_other_key)
        fail("tls.key", file, "it does not belong to the certificate");
    if (!is_loaded)
        fail("tls.key", file, last_openssl_error().message());
}

/// Chooses HTTP/1.1. A client that offers only other protocols gets the alert no_application_protocol (RFC 7301, section 3.2).
int choose_protocol(SSL* /*session*/, const unsigned char** chosen, unsigned char* chosen_size, const unsigned char* offered,
                    unsigned int offered_size, void* /*unused*/) {
    const std::string_view list{reinterpret_cast<const char*>(offered), offered_size};
    for (std::size_t begin = 0; begin < list.size();) {
        const auto size = static_cast<unsigned char>(list[begin]);
        if (list.substr(begin + 1, size) == protocol) {
            *chosen = offered + begin + 1;
            *chosen_size = size;
            return SSL_TLSEXT_ERR_OK;
        }
        begin += 1U + size;
    }
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

timestamp to_timestamp(const ASN1_TIME* time) {
    std::tm parts{};
    if (::ASN1_TIME_to_tm(time, &parts) != 1)
        return timestamp::max();
    return timestamp{std::chrono::seconds{::timegm(&parts)}};
}

} // namespace

tls_context make_server_context(const tls_settings& s, std::shared_ptr<ticket_keys> keys) {
    const auto context = make_tls_context(tls_role::server);
    use_ticket_keys(context, std::move(keys));
    ::SSL_CTX_set_alpn_select_cb(context.get(), choose_protocol, nullptr);
    ::ERR_clear_error();
    if (::SSL_CTX_use_certificate_chain_file(context.get(), s.certificate.c_str()) != 1)
        fail("tls.certificate", s.certificate, last_openssl_error().message());
    load_key(context.get(), s.key);
    return context;
}

certificate_validity validity_of(const tls_context& context) {
    const auto* certificate = ::SSL_CTX_get0_certificate(context.get());
    return {to_timestamp(::X509_get0_notBefore(certificate)), to_timestamp(::X509_get0_notAfter(certificate))};
}

tls_context make_client_context(const std::string& authorities) {
    const auto context = make_tls_context(tls_role::client);
    ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    ::SSL_CTX_set_default_verify_paths(context.get());
    ::ERR_clear_error();
    if (!authorities.empty() && ::SSL_CTX_load_verify_locations(context.get(), authorities.c_str(), nullptr) != 1)
        fail("tls.trust", authorities, last_openssl_error().message());
    const std::string offer = static_cast<char>(protocol.size()) + std::string{protocol};
    ::SSL_CTX_set_alpn_protos(context.get(), reinterpret_cast<const unsigned char*>(offer.data()),
                              static_cast<unsigned>(offer.size()));
    return context;
}

certificate_validity check_certificate(const tls_settings& s) {
    return validity_of(make_server_context(s));
}

void check_authorities(const tls_settings& s) {
    (void)make_client_context(s.trust);
}

} // namespace atrium::http
