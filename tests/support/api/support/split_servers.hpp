#pragma once

#include <support/api_calls.hpp>
#include <support/held_port.hpp>
#include <support/running_server.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// Two processes: one with the module users, the other one with orders and all other modules. Each has its own port and
/// database, and orders calls users over HTTP. This class has the members of `running_server` that
/// tests of both deployments need. For one thread only.
class split_servers : public api_calls {
public:
    /// `settings` apply to both processes.
    explicit split_servers(std::vector<std::string> settings = {});
    /// Each process has separate settings.
    split_servers(std::vector<std::string> users_settings, std::vector<std::string> orders_settings);

    void start();
    void stop();
    void kill();
    void restart();
    /// Restarts the orders process with other settings.
    void restart_orders(std::vector<std::string> settings);

    /// Sends requests for /orders to the orders process, and all others to the users process.
    [[nodiscard]] requester& http() override { return paths_; }
    [[nodiscard]] bool is_quiet() override;

    [[nodiscard]] running_server& users_process() noexcept { return users_process_; }
    [[nodiscard]] running_server& orders_process() noexcept { return orders_process_; }

private:
    [[nodiscard]] std::vector<std::string> with_fixed_settings(std::vector<std::string> orders_settings) const;

    class path_router final : public requester {
    public:
        explicit path_router(split_servers& servers) : servers_{servers} {}
        reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    private:
        split_servers& servers_;
    };

    held_port users_port_; ///< the ports do not change when a process is restarted, because orders and clients use them
    held_port orders_port_;
    running_server users_process_;
    running_server orders_process_;
    path_router paths_{*this};
};

} // namespace atrium::support
