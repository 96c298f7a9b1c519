#pragma once

#include "service.hpp"

#include <events/bus.hpp>

namespace atrium::users {

/// Orders that came and went: keeps each user's order_count and last_order_at.
[[nodiscard]] events::subscription order_statistics();

/// Attaches the handlers. `users` outlives the bus's dispatcher.
void add_handlers(events::bus& to, service& users);

} // namespace atrium::users
