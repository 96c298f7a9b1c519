#pragma once

#include "service.hpp"

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::users {

/// The subscription to the events of created and deleted orders. Its handler updates each user's order_count and last_order_at.
[[nodiscard]] events::subscription order_statistics();

/// The data that the handlers read from the events of orders.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Attaches the handler to the subscription. `users` must outlive the bus's dispatcher.
void add_handlers(events::bus& bus, service& users);

} // namespace atrium::users
