#pragma once

#include <support/api_calls.hpp>
#include <support/held_port.hpp>
#include <support/running_server.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace atrium::support {

/// Two processes: one with the module users, the other one with orders and all other modules. Each has its own port and
/// database, and orders calls users over HTTP. So that the same tests can run with one process and with two, the class has
/// those members of `running_server` that such tests use. For one thread only.
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
    /// Whether both processes have handled all events of their journals.
    [[nodiscard]] bool is_quiet() override;

    [[nodiscard]] running_server& users_process() noexcept { return users_process_; }
    [[nodiscard]] running_server& orders_process() noexcept { return orders_process_; }

private:
    /// Adds the settings that the orders process always has: its modules, its port and the URL of users.
    [[nodiscard]] std::vector<std::string> complete_orders_settings(std::vector<std::string> settings) const;

    class path_router final : public requester {
    public:
        explicit path_router(split_servers& servers) : servers_{servers} {}
        reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    private:
        split_servers& servers_;
    };

    // Each process keeps its port when it is restarted, because clients use both ports, and orders uses that of users.
    held_port users_port_;
    held_port orders_port_;
    running_server users_process_;
    running_server orders_process_;
    path_router paths_{*this};
};

} // namespace atrium::support
