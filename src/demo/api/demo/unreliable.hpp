#pragma once

#include <events/bus.hpp>

namespace atrium::demo {

/// The subscription "demo.unreliable", which receives an event for each order that is placed.
[[nodiscard]] events::subscription unreliable_subscription();

/// The handler of the subscription "demo.unreliable". It fails for some orders, and changes nothing.
[[nodiscard]] awaitable<result<>> pack_order(events::delivery d);

} // namespace atrium::demo
