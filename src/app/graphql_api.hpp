#pragma once

#include "module_set.hpp"

#include <app/settings.hpp>
#include <base/log.hpp>
#include <events/feed.hpp>
#include <graphql/engine.hpp>
#include <graphql_http/endpoint.hpp>
#include <http/router.hpp>
#include <metrics/registry.hpp>

namespace atrium::app {

/// GraphQL as this process offers it: one schema of what its modules declare and of what belongs to none of them. What it is
/// given outlives it; it outlives the server.
class graphql_api {
public:
    /// Throws std::logic_error if the parts do not fit.
    graphql_api(const settings& s, module_set& modules, events::feed& feed, metrics::registry& metrics, const logger& log);

    void add_routes(http::router& to);

private:
    graphql::engine engine_;
    bool has_page_;
    graphql_http::endpoint endpoint_;
};

} // namespace atrium::app
