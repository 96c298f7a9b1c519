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

/// Checks a path at which no file exists. Throws `open_error` if `sqlite_database` would refuse to create a database there,
/// because the former file was removed but its write-ahead log is not empty, or because the former file was moved away while a
/// server had it open.
void check_absent(const std::filesystem::path& file);

/// Reads a database without changing it. A server may be using the file, or may start in the meantime. If there is no server,
/// no files beside the database are created or changed either. Use it from one thread only.
class inspection final : public catalog {
public:
    /// Opens an existing file and compares the migrations recorded in it with `schemas`. Like `sqlite_database`, throws
    /// `open_error` if, for example, the file is not writable, has several hard links, or is not a database of this program.
    inspection(const std::filesystem::path& file, std::span<const schema> schemas, logger log);
    ~inspection() override;
    inspection(const inspection&) = delete;
    inspection& operator=(const inspection&) = delete;

    /// The migrations that `sqlite_database::migrate` would apply, in order.
    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// Runs `PRAGMA integrity_check` and returns its findings; empty if it finds nothing wrong.
    [[nodiscard]] std::vector<std::string> check_integrity();

    /// Runs a query without placeholders, on tables of any owner, and returns the first column of each row. A number is
    /// returned as text.
    [[nodiscard]] std::vector<std::string> read_column(std::string_view query);

    [[nodiscard]] std::optional<table_layout> find_table(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> tables_without_index(std::string_view query) const override;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::storage::sqlite
