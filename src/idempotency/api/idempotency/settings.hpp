#pragma once

#include <chrono>
#include <cstdint>

namespace atrium::config {
class schema;
}

namespace atrium::idempotency {

/// The meaning, range and unit of each member are declared once, in src/idempotency/settings.cpp; docs/configuration.md lists
/// them in a table.
struct settings {
    std::chrono::milliseconds age = std::chrono::hours{24};
    std::int64_t count = 1'000'000;
};

/// Declares the section [idempotency]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::idempotency
