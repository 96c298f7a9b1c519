#pragma once

#include <support/raw_client.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace atrium::support {

/// One frame of the protocol (RFC 6455, 5.2).
struct frame {
    unsigned opcode = 1;
    std::string payload = {};
    bool fin = true;
    bool masked = true;
    unsigned reserved = 0; ///< the three reserved bits
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

/// The request line and the headers of a valid handshake, without the empty line at the end, so that a test can add headers.
[[nodiscard]] std::string handshake(std::string_view path = "/echo");

/// A WebSocket client that sends exactly the frames that a test passes to it. Blocks like `raw_client`.
class web_socket_client {
public:
    /// `buffer_size` is that of `raw_client`.
    explicit web_socket_client(std::uint16_t port, int buffer_size = 0) : raw{port, buffer_size} {}

    /// Sends a handshake. `more_headers` has additional header lines, each with CRLF at the end. Returns the response.
    answer open(std::string_view path = "/echo", std::string_view more_headers = {});

    void send(const frame& f) { raw.send(to_bytes(f)); }
    void send_text(std::string_view text) { send({.payload = std::string{text}}); }

    /// Reads the next frame. Throws std::runtime_error if the frame is masked or the connection ends.
    [[nodiscard]] frame read();
    /// Reads the next frame, which must be a complete text frame, and returns its text.
    [[nodiscard]] std::string read_text();
    /// Reads the next frame, which must be a close frame, returns its code and sets `reason`. The code is 1005 if the frame has
    /// none.
    [[nodiscard]] unsigned read_close();
    /// Waits until the connection ends, and returns whether the server sent nothing before the end.
    [[nodiscard]] bool reads_end();

    raw_client raw;
    std::string reason;
};

} // namespace atrium::support
