#include "sockets/handshake_guard.hpp"

#include <algorithm>

namespace atrium::http {
namespace {

// Types of records and messages (RFC 8446, sections 5.1 and 4).
constexpr unsigned char change_cipher_spec = 20;
constexpr unsigned char handshake = 22;
constexpr unsigned char client_hello = 1;

} // namespace

bool handshake_guard::accept(std::span<const char> bytes, version chosen_version) noexcept {
    while (!bytes.empty() && !is_blind_) {
        if (record_left_ == 0) {
            header_[header_count_++] = static_cast<unsigned char>(bytes.front());
            bytes = bytes.subspan(1);
            if (header_count_ == header_size && !begin_record(chosen_version))
                return false;
            continue;
        }
        if (is_handshake_ && message_left_ == 0) {
            message_[message_count_++] = static_cast<unsigned char>(bytes.front());
            bytes = bytes.subspan(1);
            --record_left_;
            if (message_count_ == message_header_size && !begin_message())
                return false;
            continue;
        }
        const auto count = std::min({bytes.size(), record_left_, is_handshake_ ? message_left_ : record_left_});
        bytes = bytes.subspan(count);
        record_left_ -= count;
        if (is_handshake_)
            message_left_ -= count;
    }
    return true;
}

/// Called when the complete header of a record has arrived. In TLS 1.2, a record of the type change_cipher_spec means that the
/// following ones are encrypted; in TLS 1.3 it means nothing (RFC 8446, appendix D.4). Such a record is refused before the
/// version is chosen, because no client sends it that early.
bool handshake_guard::begin_record(version chosen_version) noexcept {
    header_count_ = 0;
    record_left_ = header_[3] * std::size_t{256} + header_[4];
    is_handshake_ = header_[0] == handshake;
    is_blind_ = header_[0] == change_cipher_spec && chosen_version == version::v1_2;
    return header_[0] != change_cipher_spec || chosen_version != version::none;
}

/// Called when the complete header of a message has arrived.
bool handshake_guard::begin_message() noexcept {
    message_count_ = 0;
    message_left_ = (message_[1] * std::size_t{256} + message_[2]) * 256 + message_[3];
    return message_[0] != client_hello || message_left_ <= max_client_hello;
}

} // namespace atrium::http
