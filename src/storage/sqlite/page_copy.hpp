#pragma once

#include "sqlite/connection.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>
#include <string>

namespace atrium::storage::sqlite {

/// While this object exists, a connection sees one state of the database, and a server cannot restart its write-ahead log.
class reading_snapshot {
public:
    /// `connection` must outlive this object. Throws `failure`.
    explicit reading_snapshot(connection& connection);
    ~reading_snapshot();
    reading_snapshot(const reading_snapshot&) = delete;
    reading_snapshot& operator=(const reading_snapshot&) = delete;

    /// The size of the database in this state, in bytes.
    [[nodiscard]] std::uint64_t bytes() const noexcept { return bytes_; }

private:
    connection& connection_;
    std::uint64_t bytes_ = 0;
};

/// Copies all pages of a database into an empty file with SQLite's backup API. `source` must be inside a `reading_snapshot`:
/// otherwise the copy would start again whenever another process commits a change, and might never end.
///
/// The copy is not synced. `after_step` is called each time a few megabytes have been copied. Throws `backup_error`.
void copy_pages(connection& source, const std::filesystem::path& target, const std::function<void()>& after_step);

/// Records in the copy that it has no write-ahead log. So any program can read the copy without creating files beside it, and a
/// server recognizes that a log beside it belongs to another database (`check_foreign_log`). Then runs `changes`. Throws
/// `backup_error`.
void separate_copy(const std::filesystem::path& target, std::span<const std::string> changes);

} // namespace atrium::storage::sqlite
