#pragma once

#include <base/error.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

enum class bridge_direction {
    publish, ///< events of Atrium to a plain AMQP program
    consume, ///< messages of a plain AMQP program as events of Atrium
};

/// One queue that is shared with a plain AMQP program. It is declared with default arguments on the default exchange, as
/// `queue_declare(queue=...)` of most clients does: both sides must agree on whether it is durable.
struct bridge {
    std::string queue;
    bridge_direction direction = bridge_direction::publish;
    std::vector<std::string> topics; ///< with `publish`: the patterns of what goes out
    std::string topic;               ///< with `consume`: what a message becomes
    bool durable = false;            ///< the queue outlives a restart of the broker; RabbitMQ 4.3 takes no other
};

/// How the broker is reached and used.
struct settings {
    std::string url = "amqp://guest:guest@127.0.0.1:5672/"; ///< amqp:// or amqps://, with user, password and virtual host
    std::string exchange = "atrium.events";                 ///< a durable topic exchange; the queues begin with its name
    int window = 1000;                                      ///< messages that are sent and not confirmed yet, at the most
    int prefetch = 500;                               ///< messages of one queue that are not acknowledged yet, at the most
    std::chrono::seconds heartbeat{10};               ///< a connection that is silent for twice this is lost
    std::chrono::milliseconds connect_timeout{5'000}; ///< for a connection, and for each answer while it is set up
    std::string ca_file =
        "/etc/ssl/certs/ca-certificates.crt"; ///< with amqps: PEM, who may have signed the broker's certificate
    bool verify = true;                       ///< with amqps: the certificate and its host name
    std::vector<bridge> bridges;
};

/// Success where `text` can be `settings::url`. Errors: invalid; its detail names no part of `text`, which may hold a password.
[[nodiscard]] result<> check_url(std::string_view text);

} // namespace atrium::events::rabbitmq
