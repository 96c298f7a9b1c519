#include "sqlite/inspected_file.hpp"

#include "sqlite/database_file.hpp"
#include "sqlite/file_identity.hpp"
#include "sqlite/file_lock.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace atrium::storage::sqlite {

inspected_file::file_stamp::file_stamp(const std::filesystem::path& file) {
    for (const auto* ending : {"", "-wal"}) {
        struct stat status{};
        if (::stat(companion_path(file, ending).c_str(), &status) == 0)
            file_states.emplace_back(status.st_ino, status.st_size, status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
    }
}

inspected_file::view::view(const std::filesystem::path& path, connection::access mode, std::span<const schema> schemas,
                           const logger& log)
    : connection{open_or_explain(path, [&] { return std::make_unique<sqlite::connection>(path, mode); })},
      migrations{open_or_explain(path, [&] { return migrator{*connection, schemas, log}; })} {}

inspected_file::inspected_file(const std::filesystem::path& file, std::span<const schema> expected, logger log)
    : path_{canonical_path(file)}, schemas_{expected.begin(), expected.end()}, log_{std::move(log)}, stamp_at_opening_{path_} {
    check_links(path_);
    check_log(path_);
    open_or_explain(path_, [this] {
        if (::access(path_.c_str(), W_OK) != 0 && errno != ENOENT)
            throw failure{"no permission to write to it"};
    });
    std::error_code absent;
    if (std::filesystem::file_size(path_, absent) == 0 && !absent)
        check_remains(path_);
    if (file_lock::is_held(path_)) {
        reopen_beside_server();
        return;
    }
    check_foreign_log(path_);
    try {
        current_.emplace(path_, connection::access::untouched, schemas_, log_);
    } catch (const open_error&) {
        if (!was_disturbed())
            throw;
        reopen_beside_server();
    }
}

/// Whether a program has written to the file, or a server has begun to use it, since it was opened without locks. If so, the
/// data that was read may be inconsistent.
bool inspected_file::was_disturbed() const {
    return !is_beside_server_ && (file_lock::is_held(path_) || !(stamp_at_opening_ == file_stamp{path_}));
}

/// Opens the file again, this time with SQLite's locks, as a server's own readers do, so that everything that a transaction
/// reads is consistent.
void inspected_file::reopen_beside_server() {
    current_.reset();
    is_beside_server_ = true;
    current_.emplace(path_, connection::access::read_only, schemas_, log_);
}

} // namespace atrium::storage::sqlite
