#pragma once

#include "sqlite/connection.hpp"

#include <base/log.hpp>
#include <storage/migration.hpp>
#include <storage/sqlite/database.hpp>

#include <span>
#include <string>
#include <vector>

namespace atrium::storage::sqlite {

/// Compares the migrations embedded in the binary with those recorded in the database (`storage_migration`) and applies the
/// missing ones. Used on the thread that opens the database, before the writer starts.
class migrator {
public:
    /// Throws `std::logic_error` if the embedded lists are invalid (gaps, duplicates, an invalid owner name), and `open_error`
    /// if the migrations recorded in the database contradict them.
    migrator(connection& writer, std::span<const schema> schemas, logger log);

    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// See `sqlite_database::applied`.
    [[nodiscard]] std::vector<applied_migration> applied() const;

    /// See `sqlite_database::migrate`.
    std::vector<pending_migration> apply();

private:
    struct step {
        std::string owner;
        migration definition;
    };

    void check_record(std::span<const schema> schemas);
    void apply(const step& next_step);
    void run_as_owner(const step& next_step);
    void check_result(const step& next_step, const std::string& others_before);
    void record(const step& next_step);

    connection& connection_;
    logger log_;
    std::vector<step> pending_;
};

} // namespace atrium::storage::sqlite
