#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

namespace atrium::config {
class schema;
}

namespace atrium::storage::sqlite {

/// The meaning, range and unit of each member are declared once, in src/storage/sqlite/settings.cpp; docs/configuration.md
/// shows them as a table.
struct settings {
    std::filesystem::path path = "data/atrium.db";
    std::string backups = {};
    std::size_t keep_backups = 10;
    std::size_t queue_limit = 4096;
    std::size_t batch_limit = 1024;
    std::chrono::milliseconds read_limit{2'000};
    std::uint64_t wal_limit = 64 * 1024 * 1024; ///< bytes

    /// The folder `backups`, or its default, which is beside the database.
    [[nodiscard]] std::filesystem::path backup_folder() const;
};

/// Declares the section [storage]. `settings` must outlive `schema`.
void declare(config::schema& schema, settings& settings);

} // namespace atrium::storage::sqlite
