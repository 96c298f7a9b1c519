#pragma once

#include "service.hpp"

#include <events/bus.hpp>
#include <host/module.hpp>

#include <vector>

namespace atrium::orders {

/// Consumes the events of changed users: updates the names that orders show.
[[nodiscard]] events::subscription user_names();

/// Consumes the events of deleted users: deletes their orders.
[[nodiscard]] events::subscription user_departure();

/// The data that the handlers read from the events of users.
[[nodiscard]] std::vector<host::consumption> consumed_events();

/// Subscribes the handlers. `orders` must outlive the bus's dispatcher.
void add_handlers(events::bus& bus, service& orders);

} // namespace atrium::orders
