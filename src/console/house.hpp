#pragma once

#include <access/principal.hpp>
#include <console/facts.hpp>
#include <events/durable_bus.hpp>
#include <http/router.hpp>

#include <string>

namespace atrium::console {

/// The running configuration as JSON: modules, routes, topics, subscriptions, the bus, and the principal of the request.
/// @param principal null if nothing is known about the client
[[nodiscard]] std::string describe_house(const facts& f, const http::router& router, const events::durable_bus& bus,
                                         const access::principal* principal);

} // namespace atrium::console
