#include "sqlite/file_lock.hpp"

#include <storage/sqlite/database.hpp>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

constexpr mode_t owner_only = 0600;
constexpr mode_t rights_of_others = 0077;

/// The offset of the locked byte, which is behind the 512 bytes that SQLite locks from 0x40000000 on. The byte can be locked
/// even if the file is shorter.
constexpr off_t lock_offset = 0x40000000 + 1024;

/// An extended attribute that the database file has while a server uses it, and after a crash of that server. Its value is the
/// path of the database as the server opened it: the last changes are in the file with this path and the ending `-wal`.
constexpr const char* log_attribute = "user.atrium.log_of";

constexpr std::string_view moved_mark =
    "moved\n"; ///< content of FILE.lock if the database was moved away while a server had it open

std::string reason(int code) {
    return std::system_category().message(code);
}

/// The files that this process has locked. Checked before a file is opened a second time, because closing the second descriptor
/// would release SQLite's locks.
struct held_files {
    std::mutex mutex;
    std::set<file_identity> all;

    static held_files& instance() {
        static held_files all;
        return all;
    }

    bool contain(const std::filesystem::path& file) {
        const auto identity = find_identity(file);
        return identity && all.contains(*identity);
    }
};

struct flock lock_of(short type) {
    struct flock lock{};
    lock.l_type = type;
    lock.l_whence = SEEK_SET;
    lock.l_start = lock_offset;
    lock.l_len = 1;
    return lock; // l_pid is 0, as open-file-description locks require
}

std::string content_of(int descriptor) {
    std::array<char, 100> bytes{}; // room for SQLite's header, or for the text of FILE.lock
    const auto count = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    return {bytes.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

std::string content_of(const std::filesystem::path& file) {
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return {};
    auto content = content_of(descriptor);
    ::close(descriptor);
    return content;
}

/// Whether the header of a database records that it has no write-ahead log (byte 18 of the file format, the "write version").
/// SQLite changes this byte in the database file itself before it begins to use a log.
bool is_without_log(std::string_view header) {
    constexpr std::size_t version = 18;
    return header.starts_with("SQLite format 3") && header.size() > version && header[version] == 1;
}

[[noreturn]] void throw_in_use(const std::filesystem::path& file) {
    // The process id is unknown if the other server uses another path or has not written its id yet.
    const auto text = content_of(companion_path(file, ".lock"));
    const auto number = text.substr(0, text.find_first_not_of("0123456789"));
    throw open_error{file.string() + " is in use by another atrium" + (number.empty() ? "" : " (process " + number + ")") +
                     "; stop that one, or give this one a file of its own with --set storage.path=FILE"};
}

bool has_content(const std::filesystem::path& file) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(file, absent);
    return !absent && size > 0;
}

[[noreturn]] void throw_foreign_log(const std::filesystem::path& file) {
    const auto log = companion_path(file, "-wal").string();
    throw open_error{
        file.string() + " is a backup or another copy, but " + log +
        " has changes of the database that was there before, and applying them to this file would destroy it; remove " + log +
        " and " + companion_path(file, "-shm").string() + ", or put the former database back"};
}

int open_file(const std::filesystem::path& file) {
    if (!find_identity(file) && errno == ENOENT)
        check_remains(file);
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, owner_only);
    if (descriptor >= 0)
        return descriptor;
    const int code = errno;
    if ((code == EACCES || code == EROFS) && find_identity(file))
        throw open_error{file.string() + " cannot be used as the database: no permission to write to it; give the server "
                                         "that permission, or name another file (storage.path)"};
    throw open_error{file.string() + " cannot be written: " + reason(code) +
                     "; the server must be able to write in the folder of its database"};
}

void lock_file(int descriptor, const std::filesystem::path& file) {
    const auto lock = lock_of(F_WRLCK);
    if (::fcntl(descriptor, F_OFD_SETLK, &lock) == 0)
        return;
    const int code = errno;
    if (code == EAGAIN || code == EACCES)
        throw_in_use(file);
    throw open_error{file.string() + " cannot be locked: " + reason(code) +
                     "; name a file on a file system that supports locks (storage.path)"};
}

/// Opens the file and locks it. Tries again if the file was removed or replaced after it was opened.
int open_locked(const std::filesystem::path& file, file_identity& identity) {
    constexpr int attempts = 10;
    for (int i = 0; i < attempts; ++i) {
        if (held_files::instance().contain(file))
            throw_in_use(file);
        const int descriptor = open_file(file);
        try {
            lock_file(descriptor, file);
        } catch (...) {
            ::close(descriptor);
            throw;
        }
        struct stat status{};
        if (::fstat(descriptor, &status) == 0 && find_identity(file) == identity_of(status)) {
            identity = identity_of(status);
            return descriptor;
        }
        ::close(descriptor);
    }
    throw open_error{file.string() + " keeps being removed or replaced; find out which program does this"};
}

void check_kind(int descriptor, const std::filesystem::path& file) {
    struct stat status{};
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        throw open_error{file.string() + " is not a regular file; name another one (storage.path)"};
    check_links(file);
    if (status.st_size != 0)
        return;
    check_remains(file);
    ::fchmod(descriptor, owner_only); // independently of the umask
}

std::string log_owner(const std::filesystem::path& file) {
    std::array<char, 4096> path{};
    const auto size = ::getxattr(file.c_str(), log_attribute, path.data(), path.size());
    return {path.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
}

/// Logs a warning if only the file is mounted, without its folder. SQLite then writes the log into the folder of the mount
/// point, where a server that opens the original file does not find it.
void warn_of_mount(const std::filesystem::path& file, const logger& log) {
    struct statx status{};
    if (::statx(AT_FDCWD, file.c_str(), 0, STATX_BASIC_STATS, &status) == 0 &&
        (status.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0)
        log.warning("the database file is a mount point, so the log of its last changes is outside the mount; mount "
                    "its folder instead",
                    {{"file", file.string()}, {"log", file.string() + "-wal"}});
}

/// Removes the access rights of other users. Earlier versions created files with the usual umask, which grants such rights.
void keep_private(const std::filesystem::path& file, const logger& log) {
    struct stat status{};
    if (::lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || (status.st_mode & 07777U) == owner_only)
        return;
    const bool is_changed = ::chmod(file.c_str(), owner_only) == 0;
    if ((status.st_mode & rights_of_others) == 0)
        return;
    std::ostringstream mode;
    mode << std::oct << (status.st_mode & 07777U);
    const std::vector<log_field> facts{{"file", file.string()}, {"mode", mode.str()}};
    if (is_changed)
        log.info("removed the access of other users of this machine to a database file", facts);
    else
        log.warning("other users of this machine can access a database file, and it belongs to one of them", facts);
}

/// Takes the lock that earlier versions use, so that none of them runs beside this one. Returns the descriptor of FILE.lock.
int lock_legacy(const std::filesystem::path& file) {
    const auto path = companion_path(file, ".lock");
    const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, owner_only);
    if (descriptor < 0)
        throw open_error{path.string() + " cannot be written: " + reason(errno) +
                         "; the server must be able to write in the folder of its database"};
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        ::close(descriptor);
        if (code == EWOULDBLOCK)
            throw_in_use(file);
        throw open_error{path.string() + " cannot be locked: " + reason(code)};
    }
    // The process id is only used in messages, so a failure to write it does not prevent the start.
    const auto number = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(descriptor, number.data(), number.size(), 0);
    return descriptor;
}

} // namespace

void check_remains(const std::filesystem::path& file) {
    const auto log = companion_path(file, "-wal");
    const auto lock = companion_path(file, ".lock");
    const bool was_moved = content_of(lock) == moved_mark;
    if (!has_content(log) && !was_moved)
        return;
    throw open_error{file.string() + " is missing or empty, but " +
                     (was_moved ? "it was moved away while a server had it open" : "the log of its last changes exists") +
                     "; put the file back, or remove " + log.string() + " and " + lock.string() +
                     " to start with a new database"};
}

void check_links(const std::filesystem::path& file) {
    struct stat status{};
    if (::stat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_nlink <= 1)
        return;
    throw open_error{file.string() + " has " + std::to_string(status.st_nlink) +
                     " names (hard links), but the log of its last changes is beside only one of them, so changes would be "
                     "lost; keep one name and remove the others (find / -xdev -samefile " +
                     file.string() + " lists them)"};
}

void check_log(const std::filesystem::path& file) {
    const auto owner = log_owner(file);
    if (!owner.empty() && owner != file.string() && !find_identity(companion_path(file, "-wal")))
        throw open_error{file.string() + " was not closed cleanly by the server that used it as " + owner +
                         ": its last changes are in " + owner + "-wal; start once with storage.path=" + owner +
                         ", or move that log beside the file (as " + companion_path(file, "-wal").string() +
                         "). If the log is lost, setfattr -x " + log_attribute + " " + file.string() +
                         " makes the server start without it"};
}

void check_foreign_log(const std::filesystem::path& file) {
    if (has_content(companion_path(file, "-wal")) && is_without_log(content_of(file)))
        throw_foreign_log(file);
}

file_lock::file_lock(std::filesystem::path file) : path_{std::move(file)} {
    auto& held = held_files::instance();
    const std::lock_guard guard{held.mutex};
    file_ = open_locked(path_, identity_);
    try {
        check_kind(file_, path_);
        if (has_content(companion_path(path_, "-wal")) && is_without_log(content_of(file_)))
            throw_foreign_log(path_);
        legacy_ = lock_legacy(path_);
        check_log(path_);
        held.all.insert(identity_);
    } catch (...) {
        close();
        throw;
    }
}

file_lock::~file_lock() {
    auto& held = held_files::instance();
    const std::lock_guard guard{held.mutex};
    held.all.erase(identity_);
    if (::ftruncate(legacy_, 0) == 0 && is_return_expected_) [[maybe_unused]]
        const auto written = ::pwrite(legacy_, moved_mark.data(), moved_mark.size(), 0);
    close();
}

void file_lock::close() noexcept {
    if (legacy_ >= 0)
        ::close(legacy_);
    ::close(file_);
}

void file_lock::adopt(const logger& log) {
    for (const auto* ending : {"", "-wal", "-shm", ".lock"})
        keep_private(companion_path(path_, ending), log);
    warn_of_mount(path_, log);
    [[maybe_unused]] const auto set = ::fsetxattr(file_, log_attribute, path_.c_str(), path_.native().size(), 0);
}

bool file_lock::is_held(const std::filesystem::path& file) {
    auto& held = held_files::instance();
    const std::lock_guard guard{held.mutex};
    if (held.contain(file))
        return true;
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return false;
    auto lock = lock_of(F_RDLCK);
    const bool answered = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0;
    ::close(descriptor);
    return answered && lock.l_type != F_UNLCK;
}

void file_lock::forget_log() noexcept {
    ::fremovexattr(file_, log_attribute);
}

} // namespace atrium::storage::sqlite
