#pragma once

#include "module_set.hpp"

#include <access/authenticator.hpp>
#include <app/settings.hpp>
#include <base/log.hpp>
#include <event_requests/event_schemas.hpp>
#include <events/durable_bus.hpp>
#include <graphql/engine.hpp>
#include <graphql_http/endpoint.hpp>
#include <http/router.hpp>
#include <idempotency/key_store.hpp>
#include <metrics/registry.hpp>

#include <string_view>

namespace atrium::app {

/// The GraphQL API of this process. Its one schema combines the types of the modules and the types that belong to no module.
/// The arguments of the constructor must outlive this object, and this object must outlive the HTTP server.
class graphql_api {
public:
    /// Throws std::logic_error if the types contradict each other.
    graphql_api(const settings& s, module_set& modules, events::durable_bus& bus, const event_requests::event_schemas& schemas,
                idempotency::key_store& keys, access::authenticator& authenticator, metrics::registry& metrics,
                const logger& log);

    /// The path of the endpoint.
    static constexpr std::string_view path = "/graphql/";

    void add_routes(http::router& router);

private:
    graphql::engine engine_;
    bool has_page_;
    graphql_http::endpoint endpoint_;
};

} // namespace atrium::app
