#pragma once

#include "service.hpp"

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::orders {

/// The subscription to the events of changed users. Its handler updates the names that orders show.
[[nodiscard]] events::subscription user_names();

/// The subscription to the events of deleted users. Its handler deletes the orders of these users.
[[nodiscard]] events::subscription user_departure();

/// The data that the handlers read from the events of users.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Attaches the handlers to the subscriptions. `orders` must outlive the bus's dispatcher.
void add_handlers(events::bus& bus, service& orders);

} // namespace atrium::orders
