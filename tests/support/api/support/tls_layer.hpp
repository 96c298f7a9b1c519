#pragma once

#include <support/certificate_authority.hpp>

#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

namespace atrium::support {

enum class tls_version { v1_1, v1_2, v1_3 };

struct tls_options {
    tls_version min_version = tls_version::v1_2;
    tls_version max_version = tls_version::v1_3;
    std::vector<std::string> protocols = {}; ///< for ALPN; if empty, the client offers none
    std::string trust = {};                  ///< PEM file with authorities; if empty, any certificate is accepted
    std::string host = "localhost";          ///< the name for which the certificate must be valid, if `trust` is set
};

/// TLS on a blocking socket, which the caller owns. The handshake happens at the first `send`, unless `shake_hands` was called
/// before. Like `::send` and `::recv`, `send` and `receive` return -1 after an error, and set errno.
class tls_layer {
public:
    /// Acts as the client.
    tls_layer(int socket, const tls_options& o);
    /// Acts as the server.
    tls_layer(int socket, const pem_files& files);
    ~tls_layer();
    tls_layer(const tls_layer&) = delete;
    tls_layer& operator=(const tls_layer&) = delete;

    /// Returns OpenSSL's text about a failure; empty after success.
    std::string shake_hands();
    ssize_t send(const char* bytes, std::size_t size);
    /// `flags` can be MSG_PEEK and MSG_DONTWAIT. Before the handshake, reads bytes from the socket without TLS.
    ssize_t receive(char* target, std::size_t size, int flags);
    /// Notifies the other side that no more data follows.
    void notify_of_end();
    /// Whether the other side has notified this side that no more data follows.
    [[nodiscard]] bool was_notified() const;
    /// Only for TLS 1.2: asks for another handshake. Returns the reason why it failed; empty after success.
    std::string renegotiate();
    /// Only for TLS 1.3: sends a record (KeyUpdate) that changes the key of this side. Returns whether this succeeded.
    bool update_key();
    [[nodiscard]] std::string version() const;     ///< "TLSv1.3"
    [[nodiscard]] std::string protocol() const;    ///< chosen by ALPN; empty if none
    [[nodiscard]] std::string peer_serial() const; ///< serial number of the other side's certificate

private:
    ssize_t outcome(int result);

    int socket_;
    std::shared_ptr<ssl_ctx_st> context_;
    std::shared_ptr<ssl_st> session_;
    bool has_shaken_hands_ = false;
};

/// Whether the tests of HTTP run over TLS, which is the case if the environment variable ATRIUM_HTTP_OVER_TLS is set. Then
/// `raw_client` and the servers of these tests use TLS by default.
[[nodiscard]] bool is_over_tls();
/// A certificate for all tests of this process.
[[nodiscard]] const pem_files& common_certificate();

} // namespace atrium::support
