#pragma once

#include <storage/catalog.hpp>
#include <storage/sqlite/database.hpp>

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage::sqlite {

/// Throws `open_error` if `sqlite_database` would not make a database at this path, where no file is: one was there, and what
/// is left of it holds changes.
void check_absent(const std::filesystem::path& file);

/// A database that is looked at, beside a running server or without one. Nothing in the file changes, and, without a server,
/// nothing beside it; a server may start meanwhile. One thread.
class inspection final : public catalog {
public:
    /// Opens an existing file and checks what is recorded in it against `schemas`. Throws `open_error` if `sqlite_database`
    /// would, without trying: a file that cannot be written, has several hard links, or is not a database of this program.
    inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log);
    ~inspection() override;
    inspection(const inspection&) = delete;
    inspection& operator=(const inspection&) = delete;

    /// What `sqlite_database::migrate` would apply, in order.
    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// Runs `PRAGMA integrity_check`; empty when all is well, else its findings.
    [[nodiscard]] std::vector<std::string> check_integrity();

    [[nodiscard]] std::optional<table_layout> find_table(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> tables_without_index(std::string_view query) const override;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::storage::sqlite
