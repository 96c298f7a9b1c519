#pragma once

#include <base/error.hpp>

#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// The address of a broker and the account to use: amqp://USER:PASSWORD@HOST:PORT/VHOST, or amqps:// for TLS. Each part may be
/// percent-encoded; all but the host may be omitted (defaults: guest, guest, 5672 or 5671, "/").
struct broker_url {
    std::string user;
    std::string password; ///< used only for the login; never part of a log, a message or an error text
    std::string host;
    int port = 0;
    std::string vhost;
    bool tls = false;

    /// The error quotes no part of `text`, which may contain a password.
    [[nodiscard]] static result<broker_url> parse(std::string_view text);

    /// For logs and messages: "amqp://user@host:5672/vhost".
    [[nodiscard]] std::string without_password() const;
};

} // namespace atrium::events::rabbitmq
