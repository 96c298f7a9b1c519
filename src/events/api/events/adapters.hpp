#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/durable_bus.hpp>
#include <events/rabbitmq/settings.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <memory>

namespace atrium::events {

/// What a bus is made of. `journal` is the store of the owner `events`; everything outlives the bus.
struct bus_parts {
    events::settings settings;
    storage::store journal;
    const clock& time;
    metrics::registry& metrics;
    logger log;
};

/// The bus inside one process: published events become deliveries of the local subscriptions in the publisher's own
/// transaction.
[[nodiscard]] std::unique_ptr<durable_bus> make_in_process_bus(bus_parts with);

/// The same promises through RabbitMQ: what is published waits in the journal until the broker has confirmed it, and what comes
/// is stored before it is acknowledged. While the broker is away the journal gathers. Throws `start_error` for a URL that
/// cannot be read.
[[nodiscard]] std::unique_ptr<durable_bus> make_rabbitmq_bus(bus_parts with, rabbitmq::settings broker);

} // namespace atrium::events
