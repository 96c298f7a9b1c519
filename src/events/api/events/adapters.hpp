#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/durable_bus.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <memory>

namespace atrium::events {

/// The parts from which a bus is built. `journal` is the store of the owner `events`. The objects to which the parts refer
/// outlive the bus.
struct bus_parts {
    events::settings settings;
    storage::store journal;
    const clock& time;
    metrics::registry& metrics;
    logger log;
    /// The maximum delay until the bus notices that `time` was set forward or back.
    std::chrono::milliseconds clock_step{1000};
};

/// Creates a bus inside one process: published events become deliveries of the local subscriptions in the transaction that
/// publishes them.
[[nodiscard]] std::unique_ptr<durable_bus> make_in_process_bus(bus_parts parts);

/// Creates a bus that sends events through RabbitMQ, and keeps the promises of `bus`: a published event stays in the journal
/// until the broker has confirmed it, and a received message is stored before it is acknowledged. While the broker cannot be
/// reached, events accumulate in the journal. Throws `start_error` for an invalid URL.
[[nodiscard]] std::unique_ptr<durable_bus> make_rabbitmq_bus(bus_parts parts, rabbitmq::settings broker);

} // namespace atrium::events
