#pragma once

#include <filesystem>

namespace atrium::storage::sqlite {

/// Keeps every other process, and every other database object of this one, off a database file: an exclusive flock on
/// `FILE.lock` beside it, which holds the number of the process that has it. The kernel drops the lock with the process, so a
/// crash leaves nothing to clean up; the empty lock file stays, since removing it would race with whoever opens it next.
class file_lock {
public:
    enum class use {
        serve, ///< alone
        look,  ///< beside others that look, and without making a lock file: where there is none, no server has been there yet
    };

    /// Throws `open_error`: the lock file cannot be made or read, or somebody holds it.
    file_lock(const std::filesystem::path& file, use how);
    ~file_lock();
    file_lock(const file_lock&) = delete;
    file_lock& operator=(const file_lock&) = delete;

private:
    int descriptor_; ///< negative where there is nothing to hold
    use use_;
};

} // namespace atrium::storage::sqlite
