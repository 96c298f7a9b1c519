#pragma once

#include <storage/sqlite/database.hpp>

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace atrium::storage::sqlite {

/// A database that is looked at, beside a running server or without one. Nothing in the file changes, and, without a server,
/// nothing beside it; a server may start meanwhile. One thread.
class inspection {
public:
    /// Opens an existing file and checks what is recorded in it against `schemas`. Throws `open_error` if `sqlite_database`
    /// would, without trying: a file that cannot be written, has several hard links, or is not a database of this program.
    inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log);
    ~inspection();
    inspection(const inspection&) = delete;
    inspection& operator=(const inspection&) = delete;

    /// What `sqlite_database::migrate` would apply, in order.
    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// Runs `PRAGMA integrity_check`; empty when all is well, else its findings.
    [[nodiscard]] std::vector<std::string> check_integrity();

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::storage::sqlite
