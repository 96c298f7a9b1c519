#pragma once

#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>

#include <string>

namespace atrium::support {

/// Users and orders in a process each, and a real RabbitMQ between them, which all that are made in one program share: each has
/// a virtual host of its own there. One thread.
class split_with_broker final : public split_servers {
public:
    split_with_broker() : split_with_broker{broker().new_vhost()} {}

    /// Started with the first use, in some seconds.
    [[nodiscard]] static rabbitmq_broker& broker();

    /// Neither process has work, nor does a message wait at the broker.
    [[nodiscard]] bool is_quiet() override;

private:
    explicit split_with_broker(std::string vhost);

    std::string vhost_;
};

} // namespace atrium::support
