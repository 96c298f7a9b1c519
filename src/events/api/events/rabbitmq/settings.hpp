#pragma once

#include <base/error.hpp>

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::config {
class schema;
}

namespace atrium::events::rabbitmq {

// The meaning, range and unit of each member are declared once, in src/events/rabbitmq/settings.cpp; docs/configuration.md
// lists them in a table, and config.toml has an example of a bridge.

enum class bridge_direction { publish, consume };

/// A queue that is shared with a plain AMQP program. Atrium declares it with default arguments, as
/// `queue_declare(queue=...)` does in most clients. Both sides must use the same value of `durable`.
struct bridge {
    std::string queue;
    bridge_direction direction = bridge_direction::publish;
    std::vector<std::string> topics;
    std::string topic;
    bool durable = false;
};

/// How to reach and use the broker.
struct settings {
    std::string url = "amqp://guest:guest@127.0.0.1:5672/";
    std::string exchange = "atrium.events";
    int window = 1'000;
    int prefetch = 500;
    std::size_t max_message = 1024 * 1024;
    std::size_t receive_memory = 16 * 1024 * 1024;
    std::chrono::seconds heartbeat{10};
    std::chrono::milliseconds connect_timeout{5'000};
    std::string ca_file = "/etc/ssl/certs/ca-certificates.crt";
    bool verify = true;
    std::vector<bridge> bridges;
};

/// Declares the section [bus.rabbitmq]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

/// Succeeds if `text` is a valid `settings::url`. Errors: invalid; the detail quotes no part of `text`, which may contain a
/// password.
[[nodiscard]] result<> check_url(std::string_view text);

} // namespace atrium::events::rabbitmq
