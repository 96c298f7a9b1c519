#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::config {
class schema;
}

namespace atrium::rate_limits {

// The meaning, range and unit of each member are declared once, in settings.cpp; docs/configuration.md lists them in a table.

/// The length of the window, and for each group of routes the max number of requests of one client in a window; 0 means no
/// limit.
struct settings {
    std::chrono::milliseconds window{60'000};
    std::int64_t read = 0;
    std::int64_t write = 0;
    std::int64_t graphql = 0;
    std::int64_t operate = 0;
};

/// Declares the section [http.rate_limits]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::rate_limits
