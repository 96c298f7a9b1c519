#pragma once

#include <support/raw_client.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::support {

/// One frame as it stands on the wire (RFC 6455, 5.2).
struct frame {
    unsigned opcode = 1;
    std::string payload = {};
    bool fin = true;
    bool masked = true;
    unsigned reserved = 0; ///< the three bits
};

inline constexpr unsigned continuation_frame = 0;
inline constexpr unsigned text_frame = 1;
inline constexpr unsigned binary_frame = 2;
inline constexpr unsigned close_frame = 8;
inline constexpr unsigned ping_frame = 9;
inline constexpr unsigned pong_frame = 10;

[[nodiscard]] std::string to_bytes(const frame& f);

/// The payload of a close frame.
[[nodiscard]] std::string close_payload(std::uint16_t code, std::string_view reason = {});

/// The request line and the fields of a proper handshake, without the empty line that ends them: a test adds to it.
[[nodiscard]] std::string handshake(std::string_view path = "/echo");

/// A WebSocket's client of which each byte is the test's. Blocks as `raw_client` does.
class web_socket_client {
public:
    /// `buffers` as of `raw_client`.
    explicit web_socket_client(std::uint16_t port, int buffers = 0) : raw{port, buffers} {}

    /// Sends a handshake, with more header lines that each end in CRLF. The answer's header.
    answer open(std::string_view path = "/echo", std::string_view more = {});

    void send(const frame& f) { raw.send(to_bytes(f)); }
    void send_text(std::string_view text) { send({.payload = std::string{text}}); }

    /// The next frame. Throws std::runtime_error where the server masks it, or the connection ends.
    [[nodiscard]] frame read();
    /// The next frame's text, where it is text and whole.
    [[nodiscard]] std::string read_text();
    /// The code of the next frame, which must be a close; its reason in `reason`.
    [[nodiscard]] unsigned read_close();
    /// Whether the server has ended the connection, with nothing before.
    [[nodiscard]] bool reads_end();

    raw_client raw;
    std::string reason;

private:
    std::string take(std::size_t count);
    std::string bytes_;
};

} // namespace atrium::support
