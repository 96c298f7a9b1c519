#pragma once

#include <events/bus.hpp>

namespace atrium::demo {

/// A subscription to the orders that are placed, "demo.unreliable".
[[nodiscard]] events::subscription unreliable_subscription();

/// Its handler, which fails for some orders. It has no effect.
[[nodiscard]] awaitable<result<>> pack(events::delivery d);

} // namespace atrium::demo
