#pragma once

#include <filesystem>

namespace atrium::storage::sqlite {

/// Keeps every other process, and every other database object of this one, off a database file: an exclusive flock on
/// `FILE.lock` beside it, which holds the number of the process that has it. The kernel drops the lock with the process, so a
/// crash leaves nothing to clean up; the empty lock file stays, since removing it would race with whoever opens it next.
class file_lock {
public:
    /// Throws `open_error`: the lock file cannot be made, or somebody holds it.
    explicit file_lock(const std::filesystem::path& file);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int descriptor_;
};

} // namespace atrium::storage::sqlite
