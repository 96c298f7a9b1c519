#pragma once

#include <events/bus.hpp>

#include <string_view>

namespace atrium::demo {

/// The subscription whose handler fails for some orders.
inline constexpr std::string_view unreliable_name = "demo.unreliable";

/// Adds it; call this before the bus starts.
void add_unreliable_subscription(events::bus& bus);

} // namespace atrium::demo
