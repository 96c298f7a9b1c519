#include "sqlite/connection.hpp"
#include "sqlite/database_file.hpp"
#include "sqlite/file_identity.hpp"
#include "sqlite/file_lock.hpp"
#include "sqlite/inspected_file.hpp"
#include "sqlite/page_copy.hpp"
#include "sqlite/partial_file.hpp"

#include <storage/sqlite/backup.hpp>

#include <sys/stat.h>
#include <sys/statvfs.h>

#include <string>
#include <system_error>

namespace atrium::storage::sqlite {
namespace {

using std::chrono::steady_clock;

/// The path of the target with all links of its folder resolved. The file itself need not exist.
std::filesystem::path path_of_target(const std::filesystem::path& target) {
    std::error_code error_code;
    const auto folder = std::filesystem::canonical(std::filesystem::absolute(target).parent_path(), error_code);
    if (error_code)
        throw backup_error{"the folder of " + target.string() + " cannot be reached: " + error_code.message() +
                           "; create it, or name another file"};
    return folder / target.filename();
}

/// Refuses an existing target that the backup must not replace.
void check_existing(const std::filesystem::path& target, bool replaces) {
    struct stat status{};
    if (::lstat(target.c_str(), &status) != 0)
        return;
    if (!S_ISREG(status.st_mode))
        throw backup_error{target.string() + " is not a regular file; name another one"};
    if (file_lock::is_held(target))
        throw backup_error{target.string() + " is the database of a running server; name another file"};
    if (!replaces)
        throw backup_error{target.string() + " exists; name another file, or replace it with --force"};
}

/// Refuses a target with the log of another database beside it, because SQLite would apply that log to the copy.
void check_companions(const std::filesystem::path& target) {
    for (const auto* ending : {"-wal", "-journal"}) {
        const auto log = companion_path(target, ending);
        if (find_identity(log))
            throw backup_error{log.string() +
                               " exists: it belongs to another database, and SQLite would apply it to the copy. " +
                               "Remove it, or name another file"};
    }
}

void check_target(const std::filesystem::path& source, const std::filesystem::path& target, bool replaces) {
    for (const auto* ending : {"", "-wal", "-shm", ".lock"}) {
        const auto own = companion_path(source, ending);
        const auto identity = find_identity(target);
        if (target == own || (identity && identity == find_identity(own)))
            throw backup_error{target.string() + " belongs to the database itself; name another file"};
    }
    check_existing(target, replaces);
    check_companions(target);
}

/// Refuses a copy for which the disk has too little space. If a backup filled the server's disk, the server's writes would
/// fail.
void check_space(const std::filesystem::path& target, std::uint64_t bytes) {
    struct statvfs disk{};
    if (::statvfs(target.parent_path().c_str(), &disk) != 0)
        return; // the free space is unknown; if it is too small, writing the copy fails
    const auto available = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    if (available < bytes)
        throw backup_error{"the copy needs " + std::to_string(bytes) + " bytes, but the disk of " + target.string() +
                           " has only " + std::to_string(available) + "; free some space, or name a file on another disk"};
}

void check_cancellation(const std::stop_token& cancellation) {
    if (cancellation.stop_requested())
        throw backup_error{"the backup was cancelled; nothing was kept of it"};
}

backup_summary copy_all(connection& source, partial_file& copy, const std::filesystem::path& target,
                        const std::stop_token& cancellation) {
    const auto began = steady_clock::now();
    const reading_snapshot snapshot{source};
    check_space(target, snapshot.bytes());
    copy.clear();
    copy_pages(source, copy.path(), [&] {
        check_cancellation(cancellation);
        copy.begin_sync();
    });
    return {.bytes = snapshot.bytes(),
            .copying = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began)};
}

/// Opens the copy as a server would, and runs SQLite's quick check on it.
void check_copy(const std::filesystem::path& copy) {
    std::string findings;
    try {
        connection checked{copy, connection::access::untouched};
        for (auto rows = checked.query("PRAGMA quick_check"); rows.next();)
            if (rows.text(0) != "ok")
                findings.append("\n").append(rows.text(0));
    } catch (const failure& e) {
        findings.append("\n").append(e.what());
    }
    if (!findings.empty())
        throw backup_error{"the copy is damaged and was removed; run `atrium check` to find out whether the database is, too:" +
                           findings};
}

} // namespace

backup_summary back_up(const backup_request& request, std::span<const schema> schemas) {
    const auto source = canonical_path(request.source);
    const auto target = path_of_target(request.target);
    check_target(source, target, request.replaces_target);

    inspected_file database{source, schemas, logger{}};
    partial_file copy{target};
    const auto summary = database.look([&](connection& pages) { return copy_all(pages, copy, target, request.cancellation); });
    separate_copy(copy.path(), request.changes);
    copy.sync();
    check_cancellation(request.cancellation);
    check_copy(copy.path());
    check_cancellation(request.cancellation);
    check_target(source, target, request.replaces_target); // checked again, because another program may have changed something
                                                           // while the pages were copied
    copy.publish(request.replaces_target);
    return summary;
}

} // namespace atrium::storage::sqlite
