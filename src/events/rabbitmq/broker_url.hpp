#pragma once

#include <base/error.hpp>

#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// Where a broker is and who we are there: amqp://USER:PASSWORD@HOST:PORT/VHOST, amqps:// for TLS. Each part may be
/// percent-encoded and, except for the host, left out (guest, guest, 5672 or 5671, "/").
struct broker_url {
    std::string user;
    std::string password; ///< for the login and nothing else: it never reaches a log, a message or an error text
    std::string host;
    int port = 0;
    std::string vhost;
    bool tls = false;

    /// The error names no part of `text`, which may hold a password.
    [[nodiscard]] static result<broker_url> parse(std::string_view text);

    /// For logs and people: "amqp://user@host:5672/vhost".
    [[nodiscard]] std::string without_password() const;
};

} // namespace atrium::events::rabbitmq
