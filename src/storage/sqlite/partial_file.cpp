#include "sqlite/partial_file.hpp"

#include "sqlite/file_identity.hpp"

#include <storage/sqlite/backup.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

constexpr mode_t owner_only = 0600;

/// Whether the name leads to the open file, and not to another file that has replaced it.
bool leads_to(const std::filesystem::path& path, int descriptor) {
    struct stat status{};
    return ::fstat(descriptor, &status) == 0 && find_identity(path) == identity_of(status);
}

int sync_folder(const std::filesystem::path& folder) noexcept {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return errno;
    const int code = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    return code == EINVAL ? 0 : code; // not every file system can sync a folder
}

} // namespace

partial_file::partial_file(std::filesystem::path target)
    : target_{std::move(target)}, path_{companion_path(target_, ".partial")} {
    create();
    try {
        clear();
    } catch (...) {
        ::close(descriptor_);
        throw;
    }
}

partial_file::~partial_file() {
    if (!is_published_)
        for (const auto* ending : {"", "-wal", "-journal"}) // SQLite leaves the other two files behind if it cannot write
            ::unlink(companion_path(path_, ending).c_str());
    ::close(descriptor_);
}

void partial_file::fail(int code) const {
    throw backup_error{path_.string() + " cannot be written: " + std::system_category().message(code) +
                       "; nothing was changed. Name a file in an existing folder that you can write to"};
}

void partial_file::create() {
    constexpr int attempts = 10; // another process may remove the file after it was opened and before it is locked
    for (int i = 0; i < attempts; ++i) {
        descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, owner_only);
        if (descriptor_ < 0)
            fail(errno);
        if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
            ::close(descriptor_);
            throw backup_error{"another backup is writing " + path_.string() + "; wait for its end, or name another file"};
        }
        if (leads_to(path_, descriptor_))
            return;
        ::close(descriptor_);
    }
    throw backup_error{path_.string() + " keeps being removed or replaced; find out which program does this"};
}

void partial_file::clear() {
    if (::fchmod(descriptor_, owner_only) != 0 || ::ftruncate(descriptor_, 0) != 0)
        fail(errno);
}

void partial_file::begin_sync() noexcept {
    ::sync_file_range(descriptor_, 0, 0, SYNC_FILE_RANGE_WRITE);
}

void partial_file::sync() {
    if (::fsync(descriptor_) != 0)
        fail(errno);
}

void partial_file::publish(bool replaces) {
    rename(replaces);
    is_published_ = true;
    if (const int code = sync_folder(target_.parent_path()); code != 0)
        throw backup_error{target_.string() + " is complete, but its name may be lost if the machine crashes now: " +
                           std::system_category().message(code)};
}

void partial_file::rename(bool replaces) {
    if (replaces) {
        if (::rename(path_.c_str(), target_.c_str()) != 0)
            fail(errno);
        return;
    }
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) == 0)
        return;
    if (errno == EEXIST)
        throw backup_error{target_.string() + " was created by another program in the meantime; name another file"};
    if (errno != EINVAL) // EINVAL means that the file system cannot rename in this way
        fail(errno);
    if (find_identity(target_) || ::rename(path_.c_str(), target_.c_str()) != 0)
        fail(errno);
}

} // namespace atrium::storage::sqlite
