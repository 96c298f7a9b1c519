#pragma once

#include "service.hpp"

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::users {

/// Orders that came and went: keeps each user's order_count and last_order_at.
[[nodiscard]] events::subscription order_statistics();

/// What the handlers read of the events of orders.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Attaches the handlers. `users` outlives the bus's dispatcher.
void add_handlers(events::bus& to, service& users);

} // namespace atrium::users
