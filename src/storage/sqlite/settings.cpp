#include <config/schema.hpp>
#include <storage/sqlite/settings.hpp>

#include <string_view>

namespace atrium::storage::sqlite {

using namespace std::chrono_literals;

void declare(config::schema& schema, settings& settings) {
    auto& [path, backups, keep_backups, queue_limit, batch_limit, read_limit, wal_limit] =
        settings; // lists all members, so that none can be forgotten
    schema.section("storage", "The database: one SQLite file (with -wal and -shm beside it while it is open).");
    schema.path("storage.path", path,
                "The database file, relative to the working directory. Its folder is created if it is missing.");
    schema.text("storage.backups", backups, {R"("" or the name of a folder)", [](std::string_view) { return true; }},
                "The folder for the backups that are made in the console, relative to the working directory. It is created if "
                "it is missing. If this is empty, the folder \"backups\" beside the database is used.");
    schema.integer("storage.keep_backups", keep_backups, 0, 1'000'000,
                   "How many of the backups that are made in the console are kept; 0 means all. After a new backup is "
                   "complete, older ones are removed. Every file in the folder that is named atrium-YYYYMMDD-HHMMSS.db counts "
                   "as such a backup, even one of another server, so each server needs its own folder.");
    schema.integer("storage.queue_limit", queue_limit, 1, 1'000'000,
                   "Maximum number of changes that wait for the disk; further requests for changes get 503 with Retry-After.");
    schema.integer("storage.batch_limit", batch_limit, 1, 100'000, "Maximum number of changes that share one commit.");
    schema.duration("storage.read_limit", read_limit, 10ms, 10min,
                    "How long one read may compute before its request gets 503.");
    schema.integer(
        "storage.wal_limit", wal_limit, config::mebibyte, 1024 * 1024 * config::mebibyte,
        "Size in bytes that the write-ahead log (-wal) should not exceed. If the log exceeds half of this size, new reads wait "
        "until the running reads have ended, so that the log can start again from its beginning. A new read waits for at most "
        "storage.read_limit or 10s, whichever is shorter, plus the time until the writer has finished its current work.");
}

std::filesystem::path settings::backup_folder() const {
    return backups.empty() ? path.parent_path() / "backups" : std::filesystem::path{backups};
}

} // namespace atrium::storage::sqlite
