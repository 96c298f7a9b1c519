#pragma once

#include <app/settings.hpp>
#include <base/log.hpp>
#include <events/feed.hpp>
#include <graphql/engine.hpp>
#include <graphql_http/endpoint.hpp>
#include <host/module.hpp>
#include <http/router.hpp>

#include <functional>
#include <span>

namespace atrium::app {

/// GraphQL as this process offers it: one schema of what its modules declare and of what belongs to none of them. What it is
/// given outlives it; it outlives the server.
class graphql_api {
public:
    /// `add_others` declares types of modules that run elsewhere. Throws std::logic_error where the parts do not fit.
    graphql_api(const settings& s, std::span<host::module* const> modules,
                const std::function<void(graphql::schema_builder&)>& add_others, events::feed& feed, const logger& log);

    void add_routes(http::router& to);

private:
    graphql::engine engine_;
    bool has_page_;
    graphql_http::endpoint endpoint_;
};

} // namespace atrium::app
