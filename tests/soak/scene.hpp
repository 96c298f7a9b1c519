#pragma once

#include "memory_disk.hpp"

#include <support/held_port.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/running_server.hpp>
#include <support/tcp_gate.hpp>
#include <support/temporary_directory.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace atrium::soak {

/// Shifts the time of day of one process, but not its monotonic clock. It uses libfaketime, which reads the offset from a file.
class shifted_time {
public:
    shifted_time();

    /// The command prefix that runs a program with the shifted time.
    [[nodiscard]] std::vector<std::string> wrapper() const;
    /// Shifts the time from now on; the process notices within a second.
    void shift(std::chrono::seconds offset);

private:
    support::temporary_directory folder_;
};

/// One of the two servers, with everything that can fail around it: its connection to the broker, its disk, its clock.
class side {
public:
    /// Starts the server. `settings` are those that only this server has.
    side(std::string name, support::rabbitmq_broker& broker, const std::string& vhost, std::vector<std::string> settings);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] std::uint16_t port() const { return port_.number(); }
    [[nodiscard]] support::running_server& server() { return server_; }
    [[nodiscard]] support::tcp_gate& gate() { return gate_; }
    [[nodiscard]] shifted_time& time() { return time_; }
    [[nodiscard]] memory_disk& disk() { return disk_; }

    /// Sends a request that creates an order (at the orders process) or a user, and returns the response.
    [[nodiscard]] support::reply try_to_create();

private:
    std::string name_;
    int created_users_ = 0;
    support::held_port port_;
    support::tcp_gate gate_;
    shifted_time time_;
    support::running_server server_;
    memory_disk disk_;
};

/// Two processes, one with users and one with orders, and a private RabbitMQ node between them.
class scene {
public:
    scene();

    [[nodiscard]] support::rabbitmq_broker& broker() { return broker_; }
    [[nodiscard]] const std::string& vhost() const { return vhost_; }
    [[nodiscard]] side& users() { return users_; }
    [[nodiscard]] side& orders() { return orders_; }

    /// Whether every event has been handled.
    [[nodiscard]] bool is_at_rest();

private:
    support::rabbitmq_broker broker_;
    std::string vhost_ = broker_.new_vhost();
    side users_;
    side orders_;
};

} // namespace atrium::soak
