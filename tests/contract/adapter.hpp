#pragma once

#include <events/adapters.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace atrium::contract {

/// The adapter (in-process or rabbitmq) that the bus of one process uses.
class adapter {
public:
    virtual ~adapter() = default;

    [[nodiscard]] virtual std::unique_ptr<events::durable_bus> make_bus(events::bus_parts parts) const = 0;

    /// Whether the broker has no messages for this process, neither waiting ones nor ones that a consumer has not acknowledged.
    [[nodiscard]] virtual bool is_broker_empty() const = 0;
};

/// Creates an adapter for the process whose files are in `folder`. Another adapter for the same folder finds the messages that
/// the first one has left at its broker.
using adapter_maker = std::function<std::unique_ptr<adapter>(const std::filesystem::path& folder)>;

[[nodiscard]] std::unique_ptr<adapter> in_process(const std::filesystem::path& folder);

/// Creates an adapter with a virtual host of its own on the broker that the program's test cases share.
[[nodiscard]] std::unique_ptr<adapter> rabbitmq(const std::filesystem::path& folder);

/// Returns a function that creates adapters which share this virtual host, for tests with several processes or plain AMQP
/// programs. An empty `s.url` is replaced by the URL of the virtual host.
[[nodiscard]] adapter_maker rabbitmq_in(std::string vhost, events::rabbitmq::settings s = {.url = {}, .bridges = {}});

// The adapter that a program tests: CMakeLists.txt builds the same tests for each adapter.
#ifndef ATRIUM_ADAPTER
#define ATRIUM_ADAPTER in_process
#endif

inline const adapter_maker adapter_under_test = ATRIUM_ADAPTER;

} // namespace atrium::contract
