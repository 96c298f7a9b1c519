#pragma once

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace atrium::config {
class schema;
}

namespace atrium::graphql_http {

/// How much processor time the operations of a connection or an address may use: a rate and a burst. A rate of 0 means no
/// limit.
struct budget_settings {
    std::chrono::milliseconds connection{250}; ///< per second
    std::chrono::milliseconds connection_burst{5'000};
    std::chrono::milliseconds address{500}; ///< per second
    std::chrono::milliseconds address_burst{10'000};
    std::vector<std::string> shared_networks{"127.0.0.0/8",    "::1/128",       "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",
                                             "169.254.0.0/16", "100.64.0.0/10", "fc00::/7",   "fe80::/10"};
};

/// Settings for GraphQL clients. The meaning, range and unit of each member are declared once, in
/// src/graphql_http/settings.cpp; docs/configuration.md lists them in a table.
struct settings {
    std::size_t batch = 10;
    bool introspection = true; // applied when the schema is built
    bool graphiql = true;
    budget_settings budget = {};
    std::size_t operations = 100;
    std::chrono::milliseconds init{10'000};
    std::chrono::milliseconds slow_reader{10'000};
};

/// Adds keys to the section [graphql], and declares the sections [graphql.budget] and [graphql.web_socket]. Must be called
/// right after graphql::declare, because keys are added to the section that was declared last. `settings` must outlive
/// `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::graphql_http
