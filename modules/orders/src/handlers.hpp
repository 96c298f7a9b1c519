#pragma once

#include "service.hpp"

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::orders {

/// Users that changed: keeps the names that orders shows.
[[nodiscard]] events::subscription user_names();

/// Users that left: removes their orders.
[[nodiscard]] events::subscription user_departure();

/// What the handlers read of the events of users.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Attaches the handlers. `orders` outlives the bus's dispatcher.
void add_handlers(events::bus& to, service& orders);

} // namespace atrium::orders
