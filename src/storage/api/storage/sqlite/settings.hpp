#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace atrium::config {
class schema;
}

namespace atrium::storage::sqlite {

/// The meaning, range and unit of each member are declared once, in src/storage/sqlite/settings.cpp; docs/configuration.md
/// shows them as a table.
struct settings {
    std::filesystem::path path = "data/atrium.db";
    std::size_t queue_limit = 4096;
    std::size_t batch_limit = 1024;
    std::chrono::milliseconds read_limit{2'000};
    std::uint64_t wal_limit = 64 * 1024 * 1024; ///< bytes
};

/// Declares the section [storage]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::storage::sqlite
