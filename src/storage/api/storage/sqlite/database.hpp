#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <metrics/registry.hpp>
#include <storage/catalog.hpp>
#include <storage/migration.hpp>
#include <storage/sqlite/settings.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::storage::sqlite {

/// Thrown if a database cannot be opened or migrated. The text explains to the person who started the server what to do.
class open_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One migration that has not been applied to the database yet.
struct pending_migration {
    std::string owner;
    int version;
    std::string name;
};

/// One migration that is recorded in the database.
struct applied_migration {
    std::string owner;
    int version;
    std::string name;
    timestamp applied;
};

/// An SQLite file with one writer thread (group commit) and a read-only connection for each thread that reads. Each module can
/// use only its own tables. The writer uses `journal_mode=WAL` and `synchronous=FULL`, so once `write` has completed, the
/// change is on disk.
///
/// While the database is open, it holds a lock that prevents any other server from using the file, by whatever path. Any thread
/// may use this object. `close` (or the destructor) finishes the queued writes, moves the write-ahead log into the file, and
/// joins the writer. It must be called before the io_contexts of waiting callers end.
class sqlite_database final : public database, public catalog {
public:
    /// Opens or creates the file and compares the migrations recorded in it with `schemas`. Does not migrate.
    ///
    /// Only the user of the process can access the files (0600) and folders (0700) that are created; existing files of
    /// an earlier server get the same access rights. Ignores tables of an owner that has no schema in `schemas`.
    ///
    /// Throws `open_error` if the folder is not writable, another process holds the lock, the file has several hard links, the
    /// file is missing but its write-ahead log exists, the file is not a database, an applied migration was edited, or the
    /// database was migrated by a newer version. Throws `std::logic_error` if `schemas` is invalid: a gap in the versions, or
    /// two schemas of one owner.
    sqlite_database(settings s, std::span<const schema> schemas, metrics::registry& metrics, logger log);
    ~sqlite_database() override;

    /// The migrations that `migrate` would apply, in order.
    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// The migrations that have been applied, in the order in which they were applied. Call it before `start`.
    [[nodiscard]] std::vector<applied_migration> applied() const;

    /// Applies the pending migrations, each in its own transaction together with its record, and returns them. Call it before
    /// `start`. Throws `open_error`, which names the migration that failed; those before it are kept.
    std::vector<pending_migration> migrate();

    /// See `catalog`. Call these two functions before `start`.
    [[nodiscard]] std::optional<table_layout> find_table(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> tables_without_index(std::string_view query) const override;

    /// Starts the writer. Can be called once. Throws `open_error` if a migration is pending. Writes that were submitted earlier
    /// wait for the start.
    ///
    /// `on_broken` is called once, on a thread of the database, if the process must stop: the file has been missing for 5
    /// seconds (`has_lost_file`), or a COMMIT failed with an I/O error, so its outcome is unknown. The callers that wait for
    /// this COMMIT get `storage::unknown_commit`, and nothing more is written. `on_broken` must not block and must not call
    /// `close`. A full disk is not such an error: the affected writes fail and change nothing, and later ones are tried.
    void start(std::function<void()> on_broken);

    /// Finishes the queued writes and the running reads, moves the write-ahead log into the file, and stops the writer. Later
    /// reads and writes are refused as unavailable. If the file is no longer at its path, nothing at that path is changed.
    /// Idempotent.
    void close();

    /// Whether new reads have to wait. While the write-ahead log is larger than half of `settings::wal_limit`, a read may wait
    /// for the running reads to end: for at most `settings::read_limit` or 10 s, whichever is shorter, plus the time until the
    /// writer finishes its current work.
    [[nodiscard]] bool holds_reads_back() const noexcept override;
    awaitable<result<>> read(std::string_view owner, read_task& task) override;
    awaitable<result<>> write(std::string_view owner, write_priority priority, write_task& task) override;

    /// Success if the file is in place, no damaged page was found, the writer is running and the last commit succeeded;
    /// otherwise an error with a sentence for /readyz.
    [[nodiscard]] result<> healthy() const;

    /// Whether the file, its `-wal` or its `-shm` is not in place, because it was moved, removed or replaced. Reads and writes
    /// are then refused as unavailable. Once this has lasted for 5 seconds, the result stays true, even if the file comes back.
    [[nodiscard]] bool has_lost_file() const;

private:
    struct impl;
    std::shared_ptr<impl> impl_; ///< shared with the reads that are held back
};

} // namespace atrium::storage::sqlite
