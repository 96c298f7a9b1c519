#pragma once

#include <support/tls_layer.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace atrium::support {

/// One response as it was received.
struct answer {
    int status = 0;
    std::map<std::string, std::string> headers; ///< names in lower case; repeated values joined by ", "
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string{} : found->second;
    }
};

/// A client that sends exactly the bytes that a test passes to it, over a real socket on 127.0.0.1, with TLS if `is_over_tls`
/// or if options for it are passed. Its members block, and throw std::runtime_error if nothing can be sent or nothing arrives
/// for ten seconds. The handshake happens before the first bytes are sent.
class raw_client {
public:
    /// Connects. `buffer_size` is the size of the system's buffer for each direction, in bytes. With 0, the system's default
    /// applies.
    explicit raw_client(std::uint16_t port, int buffer_size = 0);
    ~raw_client();
    raw_client(const raw_client&) = delete;
    raw_client& operator=(const raw_client&) = delete;

    /// Connects a client that was created with `unconnected`.
    void connect();
    void send(std::string_view bytes);
    /// Sends until all bytes are sent or the server has read nothing for half a second. Returns the number of bytes that were
    /// sent.
    std::size_t send_until_stuck(std::string_view bytes);
    void finish_sending(); ///< closes the client's direction only
    void close();
    void reset(); ///< closes the connection with a TCP reset

    /// Reads the next response. `has_body` is false for the response to HEAD.
    [[nodiscard]] answer read_answer(bool has_body = true);
    /// Reads this many bytes. Throws std::runtime_error if the connection ends before.
    [[nodiscard]] std::string read_exactly(std::size_t count);
    /// Returns what an earlier call has received but not returned; if there is nothing, the result of one call of recv. It is
    /// empty at the end of the connection.
    [[nodiscard]] std::string read_once();
    /// Reads everything up to the end of the connection, which may also be a reset.
    [[nodiscard]] std::string read_to_end();
    /// Whether something has arrived that has not been read yet.
    [[nodiscard]] bool has_arrived();
    /// Whether the server has closed the connection and nothing is left to read.
    [[nodiscard]] bool is_closed();

    /// Selects the constructor that does not connect yet.
    struct unconnected {};
    raw_client(std::uint16_t port, unconnected);
    /// An address of this machine from which the client connects, such as "127.0.0.2".
    struct source {
        const char* address;
    };
    raw_client(std::uint16_t port, source address);
    raw_client(std::uint16_t port, const tls_options& o);
    /// A client without TLS, even if `is_over_tls`.
    struct plain {};
    raw_client(std::uint16_t port, plain);

    /// The TLS layer of this client. The client must use TLS.
    [[nodiscard]] tls_layer& tls() { return *tls_; }
    /// Sends bytes below TLS, such as a part of a record.
    void send_below_tls(std::string_view bytes);

private:
    long send_some(std::string_view bytes);
    long receive(char* target, std::size_t size, int flags);
    /// Appends the result of one call of recv to `unread_`. Returns false at the end of the connection.
    bool receive_more();

    std::uint16_t port_;
    int socket_ = -1;
    std::unique_ptr<tls_layer> tls_; ///< null if there is no TLS
    std::string unread_;             ///< bytes that were received but not returned yet
};

/// Removes the response at the front of `bytes` and returns it; the status is 0 if `bytes` has no complete
/// response.
[[nodiscard]] answer take_answer(std::string& bytes, bool has_body = true);

} // namespace atrium::support
