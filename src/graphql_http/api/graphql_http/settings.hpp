#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::config {
class schema;
}

namespace atrium::graphql_http {

/// How clients reach GraphQL. What each member means, its range and its unit are declared once, in
/// src/graphql_http/settings.cpp; docs/configuration.md has them as a table.
struct settings {
    std::size_t batch = 10;
    bool introspection = true; // whoever builds the schema hides it
    bool graphiql = true;
    std::size_t operations = 100;
    std::chrono::milliseconds init{10'000};
    std::chrono::milliseconds slow_reader{10'000};
};

/// Declares further keys of the section [graphql], which must be the last one declared until then (graphql::declare does), and
/// the section [graphql.web_socket]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::graphql_http
