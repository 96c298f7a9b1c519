#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::config {
class schema;
}

namespace atrium::graphql {

/// What one request may ask for. 0 means no limit. All but `time`, `computing` and `response_bytes` are checked before anything
/// runs. GraphiQL's introspection query passes the defaults. What each member means, its range and its unit are declared once,
/// in src/graphql/execution/limits.cpp; docs/configuration.md has them as a table.
struct limits {
    std::size_t tokens = 10'000;
    std::size_t depth = 20;
    std::size_t aliases = 100;
    std::size_t root_fields = 50;
    std::size_t fields = 5'000;
    std::size_t cost = 50'000;
    std::size_t values = 10'000;
    std::chrono::milliseconds time{10'000};
    std::chrono::milliseconds computing{2'000};
    std::size_t response_bytes = 32U << 20U;

    std::size_t cached_documents = 1'000;
    std::size_t cached_bytes = 32U << 20U;
};

/// Declares the section [graphql] with these keys; <graphql_http/settings.hpp> adds others to it. `limits` must outlive
/// `schema`.
void declare(config::schema& schema, limits& limits);

} // namespace atrium::graphql
