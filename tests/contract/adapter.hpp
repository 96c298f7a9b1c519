#pragma once

#include <events/adapters.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace atrium::contract {

/// An adapter as one process uses it.
class adapter {
public:
    virtual ~adapter() = default;

    [[nodiscard]] virtual std::unique_ptr<events::durable_bus> make_bus(events::bus_parts with) const = 0;

    /// Whether no message waits at the broker, and none is held by a consumer.
    [[nodiscard]] virtual bool nothing_at_broker() const = 0;
};

/// Makes one for the process whose files are in `folder`: opened again on the same folder, it finds what it left at its broker.
using adapter_maker = std::function<std::unique_ptr<adapter>(const std::filesystem::path& folder)>;

[[nodiscard]] std::unique_ptr<adapter> in_process(const std::filesystem::path& folder);

/// In a virtual host of its own on the broker that the program's test cases share.
[[nodiscard]] std::unique_ptr<adapter> rabbitmq(const std::filesystem::path& folder);

/// In that virtual host, for several processes or with plain programs beside it. An empty `url` leads there.
[[nodiscard]] adapter_maker rabbitmq_in(std::string vhost, events::rabbitmq::settings s = {.url = {}, .bridges = {}});

// The adapter that a program holds against the promises: CMakeLists.txt builds the same tests for each.
#ifndef ATRIUM_ADAPTER
#define ATRIUM_ADAPTER in_process
#endif

inline const adapter_maker adapter_under_test = ATRIUM_ADAPTER;

} // namespace atrium::contract
