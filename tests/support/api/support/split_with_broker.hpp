#pragma once

#include <support/rabbitmq_broker.hpp>
#include <support/split_servers.hpp>

#include <string>
#include <utility>
#include <vector>

namespace atrium::support {

/// Users and orders in two processes that exchange events through the shared RabbitMQ of the test program, in a separate
/// virtual host. For one thread only.
class split_with_broker final : public split_servers {
public:
    /// `settings` apply to both processes.
    explicit split_with_broker(std::vector<std::string> settings = {})
        : split_with_broker{std::move(settings), shared_broker().new_vhost()} {}

    /// Whether neither process has pending work and no message waits at the broker.
    [[nodiscard]] bool is_quiet() override;

private:
    split_with_broker(std::vector<std::string> settings, std::string vhost);

    std::string vhost_;
};

} // namespace atrium::support
