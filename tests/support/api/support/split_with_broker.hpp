#pragma once

#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>

#include <string>

namespace atrium::support {

/// Users and orders in a process each, and the shared RabbitMQ of the program between them: in a virtual host of its own. One
/// thread.
class split_with_broker final : public split_servers {
public:
    split_with_broker() : split_with_broker{shared_broker().new_vhost()} {}

    /// Neither process has work, nor does a message wait at the broker.
    [[nodiscard]] bool is_quiet() override;

private:
    explicit split_with_broker(std::string vhost);

    std::string vhost_;
};

} // namespace atrium::support
