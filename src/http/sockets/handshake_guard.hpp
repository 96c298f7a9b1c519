#pragma once

#include <cstddef>
#include <span>

namespace atrium::http {

/// Inspects the data that a client sends before its handshake is complete, and refuses messages for which OpenSSL would reserve
/// too much memory. As soon as the header of a ClientHello has arrived, OpenSSL allocates the announced size, which can be
/// 128 KiB. One connection owns the guard. No I/O.
class handshake_guard {
public:
    /// Maximum size of a ClientHello. Those of browsers have 2 KiB or less, even with keys that resist quantum computers.
    static constexpr std::size_t max_client_hello = 16U * 1024;

    /// The version of TLS that the server has chosen.
    enum class version { none, v1_2, v1_3 };

    /// Returns false if the handshake must be refused. `bytes` follow those of the previous call.
    [[nodiscard]] bool accept(std::span<const char> bytes, version chosen_version) noexcept;

private:
    [[nodiscard]] bool begin_record(version chosen_version) noexcept;
    [[nodiscard]] bool begin_message() noexcept;

    static constexpr std::size_t header_size = 5;         // RFC 8446, section 5.1: type, version, length
    static constexpr std::size_t message_header_size = 4; // RFC 8446, section 4: type, length

    bool is_blind_ = false; ///< set when the records of TLS 1.2 become encrypted, because they cannot be inspected then
    unsigned char header_[header_size]{};
    std::size_t header_count_ = 0;
    std::size_t record_left_ = 0; ///< bytes of the record that are still to come
    bool is_handshake_ = false;   ///< whether the record is a part of the handshake in plain text
    unsigned char message_[message_header_size]{};
    std::size_t message_count_ = 0;
    std::size_t message_left_ = 0;
};

} // namespace atrium::http
