#pragma once

#include "sockets/tls_context.hpp"

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace atrium::http {

/// The keys that encrypt the tickets with which clients resume TLS sessions (RFC 5077, section 4; RFC 8446, section 4.6.1).
/// Anyone who learns such a key can read the recorded traffic of TLS 1.2 sessions whose tickets it has encrypted. Therefore
/// a key is replaced after `lifetime`, still decrypts its tickets for another `lifetime`, and is then erased. Any thread.
class ticket_keys {
public:
    using time_point = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::seconds lifetime = std::chrono::hours{1};

    explicit ticket_keys(std::function<time_point()> now = std::chrono::steady_clock::now) : now_{std::move(now)} {}

    struct key {
        std::array<unsigned char, 16> name;
        std::array<unsigned char, 32> cipher; ///< AES-256
        std::array<unsigned char, 32> mac;    ///< HMAC with SHA-256
        time_point created;

        key() = default;
        key(const key&) = default;
        key& operator=(const key&) = default;
        ~key(); ///< erases the key
    };
    /// The key for a new ticket. Empty if the system has no random numbers. In this case, the client gets no ticket.
    [[nodiscard]] std::optional<key> current();
    /// The key of a ticket that a client has sent. Empty if the key is too old, or is not one of this server. In this
    /// case, the client must do a full handshake.
    [[nodiscard]] std::optional<key> find(const unsigned char* name);
    /// Replaces and erases keys that are too old. `current` and `find` do this as well. Call it from time to time, in case no
    /// client connects.
    void rotate();

private:
    void rotate_locked();

    const std::function<time_point()> now_;
    std::mutex mutex_; ///< guards the following members
    std::optional<key> newest_;
    std::optional<key> previous_;
};

/// Makes a server with this context encrypt its tickets with `keys`. The context keeps the keys alive, and is itself kept alive
/// by its connections.
void use_ticket_keys(const tls_context& context, std::shared_ptr<ticket_keys> keys);

} // namespace atrium::http
