#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::config {
class schema;
}

namespace atrium::graphql {

/// The limits of one request and of the cache of documents (`cached_documents`, `cached_bytes`). 0 means no limit or, for the
/// cache, no cache. `time`, `computing` and `response_bytes` apply while a request runs; its other limits are checked before
/// anything runs. GraphiQL's introspection query stays within the defaults. The meaning, range and unit of each member are
/// declared once, in src/graphql/execution/limits.cpp; docs/configuration.md lists them in a table.
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

/// Declares the section [graphql], with a config key for each member of `limits`. <graphql_http/settings.hpp> adds other keys
/// to this section. `limits` must outlive `schema`.
void declare(config::schema& schema, limits& limits);

} // namespace atrium::graphql
