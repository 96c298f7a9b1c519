#pragma once

#include <storage/migration.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <vector>

namespace atrium::storage::sqlite {

/// Thrown if a backup cannot be written. The text explains to the person at the terminal what to do.
class backup_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct backup_request {
    std::filesystem::path source;       ///< the database
    std::filesystem::path target;       ///< the new file; its folder exists
    bool replaces_target = false;       ///< whether an existing file may be replaced
    std::vector<std::string> changes{}; ///< statements to run on the copy, such as one that removes the identity of the journal
    std::stop_token cancellation{};     ///< cancels the copying
};

struct backup_summary {
    std::uint64_t bytes = 0; ///< size of the copy
    /// How long the write-ahead log of a running server could not be restarted because of the copying.
    std::chrono::milliseconds copying{0};
};

/// Copies the state of a database at one moment to a self-contained file. A server may use the database, and may start or stop
/// in the meantime. The copy is on disk and has passed SQLite's quick check before it gets the name `target`; until then it is
/// called `target` + ".partial". If the copy fails, that file is removed. If the process is killed, it remains, and the next
/// backup to `target` overwrites it.
///
/// Throws `open_error` if `source` is not a database that `inspection` can read, and `backup_error` if `target` exists, cannot
/// be written, or belongs to a database that is in use, or if the copying was cancelled.
backup_summary back_up(const backup_request& request, std::span<const schema> schemas);

} // namespace atrium::storage::sqlite
