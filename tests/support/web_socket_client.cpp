#include <support/web_socket_client.hpp>

#include <stdexcept>

namespace atrium::support {
namespace {

constexpr std::string_view mask = "\x12\x34\x56\x78";

char to_byte(std::uint64_t number) {
    return static_cast<char>(number & 0xff);
}

std::uint64_t to_number(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char byte : bytes)
        number = (number << 8) | static_cast<unsigned char>(byte);
    return number;
}

} // namespace

std::string to_bytes(const frame& f) {
    const auto size = f.payload.size();
    const unsigned mask_bit = f.masked ? 0x80 : 0;
    std::string bytes{to_byte((f.fin ? 0x80U : 0U) | (f.reserved << 4) | f.opcode)};
    if (size < 126) {
        bytes += to_byte(mask_bit | size);
    } else {
        const int length = size < 65536 ? 2 : 8;
        bytes += to_byte(mask_bit | (length == 2 ? 126U : 127U));
        for (int i = length; i-- > 0;)
            bytes += to_byte(size >> (8 * i));
    }
    if (!f.masked)
        return bytes + f.payload;
    bytes += mask;
    for (std::size_t i = 0; i < size; ++i)
        bytes += static_cast<char>(f.payload[i] ^ mask[i % mask.size()]);
    return bytes;
}

std::string close_payload(std::uint16_t code, std::string_view reason) {
    std::string payload{to_byte(code >> 8U), to_byte(code)};
    return payload.append(reason);
}

std::string handshake(std::string_view path) {
    return "GET " + std::string{path} +
           " HTTP/1.1\r\nHost: a.example:8000\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
}

answer web_socket_client::open(std::string_view path, std::string_view more_headers) {
    raw.send(handshake(path) + std::string{more_headers} + "\r\n");
    return raw.read_answer();
}

frame web_socket_client::read() {
    const auto head = to_number(raw.read_exactly(2));
    if ((head & 0x80) != 0)
        throw std::runtime_error{"the server must not mask frames"};
    frame f{.opcode = static_cast<unsigned>((head >> 8) & 0x0f), .fin = (head & 0x8000) != 0, .masked = false};
    f.reserved = static_cast<unsigned>((head >> 12) & 7);
    auto size = head & 0x7f;
    if (size >= 126)
        size = to_number(raw.read_exactly(size == 126 ? 2 : 8));
    f.payload = raw.read_exactly(size);
    return f;
}

std::string web_socket_client::read_text() {
    const auto f = read();
    if (f.opcode != text_frame || !f.fin || f.reserved != 0)
        throw std::runtime_error{"expected a complete text frame, not " + std::to_string(f.opcode) + " " + f.payload};
    return f.payload;
}

unsigned web_socket_client::read_close() {
    const auto f = read();
    if (f.opcode != close_frame || !f.fin)
        throw std::runtime_error{"expected a close frame, not " + std::to_string(f.opcode) + " " + f.payload};
    if (f.payload.empty())
        return 1005; // stands for a close frame without a code (RFC 6455, 7.4.1)
    reason = f.payload.substr(2);
    return static_cast<unsigned>(to_number(std::string_view{f.payload}.substr(0, 2)));
}

bool web_socket_client::reads_end() {
    return raw.read_to_end().empty();
}

} // namespace atrium::support
