#pragma once

#include <events/adapters.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace atrium::contract {

/// The adapter that this program holds against the promises: each is a program of its own, made from the same tests.
class adapter {
public:
    /// For the process whose files are in `folder`: opened again on the same folder, it finds what it left at its broker.
    explicit adapter(const std::filesystem::path& folder);

    [[nodiscard]] std::unique_ptr<events::durable_bus> make_bus(events::bus_parts with) const;

    /// Whether no message waits at the broker, and none is held by a consumer.
    [[nodiscard]] bool nothing_at_broker() const;

private:
    std::string place_; ///< where its exchange and queues are, if it has any
};

} // namespace atrium::contract
