#pragma once

#include "sockets/handshake_guard.hpp"
#include "sockets/tcp.hpp"
#include "sockets/tls_context.hpp"

#include <boost/system/error_code.hpp>

#include <openssl/opensslv.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

struct ssl_st;

namespace atrium::http {

/// The result of one step of TLS.
struct tls_result {
    std::size_t count = 0;                  ///< bytes that were read or written
    boost::system::error_code failure = {}; ///< would_block: repeat the step once the socket is ready in this `direction`
    tcp_socket::wait_type direction = tcp_socket::wait_read;
};

/// The state of TLS on one connection. It does not own the socket. Each function gets the descriptor of the socket, does what
/// can be done without waiting, and never blocks. One thread.
class tls_session {
public:
    // Estimates of the memory that a session uses, in bytes; measured by tests/unit/http/server/tls_memory_test.cpp.
    /// The memory between two requests. OpenSSL 3.5 and newer keep the key of the post-quantum key exchange.
    static constexpr std::size_t idle_memory = (OPENSSL_VERSION_PREREQ(3, 5) ? 28U : 14U) * 1024;
    static constexpr std::size_t read_memory = 32U * 1024; ///< while a record arrives
    static constexpr std::size_t handshake_memory = 96U * 1024;
    /// The maximum size of the data of a record (RFC 8446, section 5.1).
    static constexpr std::size_t max_record = 16U * 1024;

    tls_session(const tls_context& context, tls_role role);
    ~tls_session();
    tls_session(const tls_session&) = delete;
    tls_session& operator=(const tls_session&) = delete;

    /// Sets the name or IP address for which the server's certificate must be valid. Called by a client before the handshake.
    void expect_server(const std::string& host);

    [[nodiscard]] tls_result shake_hands(int socket);
    /// Returns `eof` if the other side has announced the end of its data, and `tls_error::truncated` if the connection ends
    /// without this announcement.
    [[nodiscard]] tls_result read(int socket, std::span<char> target);
    /// Writes at most one record. After would_block, the next call must begin with the same bytes, and may add more.
    [[nodiscard]] tls_result write(int socket, std::span<const char> bytes);
    /// Like `read` for one byte, but the byte stays unread.
    [[nodiscard]] tls_result peek(int socket);
    /// Announces that no more data follows, if the socket accepts this without waiting.
    void close_notify(int socket) noexcept;

    /// Whether bytes have been received from the socket and not been read.
    [[nodiscard]] bool has_pending() const noexcept;

private:
    struct socket_access;
    struct deleter {
        void operator()(ssl_st* session) const noexcept;
    };

    template <class Operation>
    tls_result run(int socket, Operation operation);
    template <class Operation>
    tls_result receive(int socket, Operation operation);
    [[nodiscard]] boost::system::error_code failure_of_operation() const noexcept;

    std::unique_ptr<socket_access> access_;  ///< the access of OpenSSL to the socket
    std::unique_ptr<handshake_guard> guard_; ///< only for a server, until the end of the handshake
    std::unique_ptr<ssl_st, deleter> session_;
    int records_without_data_ = 0; ///< number of records without data since the last data
    bool is_broken_ = false;       ///< after a fatal error, nothing more may be sent
};

} // namespace atrium::http
