#pragma once

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

/// Why a database cannot be opened or migrated; its text is for the person who started the server and says what to do.
class open_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// One migration that is not in the database yet.
struct pending_migration {
    std::string owner;
    int version;
    std::string name;
};

/// An SQLite file: one writer thread with group commit, a read-only connection for each thread that reads, each module confined
/// to its own tables. `journal_mode=WAL`, `synchronous=FULL`: a write that has been answered is on disk.
///
/// Opened, it holds the lock that keeps a second server off the file, whatever path leads there. Any thread may use it; `close`
/// (or the destructor) waits for what is queued, checkpoints and joins the writer, and must come before the io_contexts of
/// those who wait end.
class sqlite_database final : public database, public catalog {
public:
    /// Opens or creates the file and checks what is recorded in it against `schemas`. Does not migrate.
    /// What it makes is for its owner alone (0600, a folder 0700), and so are files that earlier versions made, from now on.
    /// Throws `open_error`: folder not writable, locked by another process, several hard links, missing beside its log, not a
    /// database, an applied migration that was edited, a database of a newer version. Tables of an owner without a schema here
    /// are left alone. Throws `std::logic_error` where `schemas` itself is faulty: a gap in the versions, two schemas of one
    /// owner.
    sqlite_database(settings s, std::span<const schema> schemas, metrics::registry& metrics, logger log);
    ~sqlite_database() override;

    /// What `migrate` would apply, in order.
    [[nodiscard]] std::vector<pending_migration> pending() const;

    /// Applies what is pending, each in a transaction of its own with its record; what was applied. Before `start`. Throws
    /// `open_error` naming the migration that failed; those before it stay.
    std::vector<pending_migration> migrate();

    /// What the file has. Both come before `start`.
    [[nodiscard]] std::optional<table_layout> find_table(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> tables_without_index(std::string_view query) const override;

    /// Starts the writer, once. Everything must be migrated, else `open_error`. Writes that came before wait for it.
    ///
    /// `on_broken` is called once, on a thread of the database, if the process must end: a COMMIT failed with an I/O error, so
    /// what is on disk is unknown (the waiting callers got `storage::failure`, and nothing is written from then on), or the
    /// file has been away for 5 seconds (`has_lost_file`). It must not block and not call `close`. A full disk is not such an
    /// error: those writes fail, nothing of them is kept, the next ones are tried.
    void start(std::function<void()> on_broken);

    /// Finishes what is queued and what is being read, checkpoints, ends the writer. Reads and writes after it are refused as
    /// unavailable. If the file is not at its path any more, nothing at that path is touched. Idempotent.
    void close();

    /// While the write-ahead log is larger than half of `settings::wal_limit`, a read may wait until those that were running
    /// have ended: as long as one may compute (`settings::read_limit`, at most 10 s), and until the writer has ended what it
    /// is doing.
    [[nodiscard]] bool holds_reads_back() const noexcept override;
    awaitable<result<>> read(std::string_view owner, read_task& task) override;
    awaitable<result<>> write(std::string_view owner, lane in, write_task& task) override;

    /// Whether the file is in place, no damaged page was met, the writer runs and the last commit succeeded; a sentence for
    /// /readyz if not.
    [[nodiscard]] result<> healthy() const;

    /// Whether the file, its `-wal` or its `-shm` was moved, removed or replaced since `start`, and is not back. Until then
    /// reads and writes are refused as unavailable.
    [[nodiscard]] bool has_lost_file() const;

private:
    struct impl;
    std::shared_ptr<impl> impl_; ///< shared with reads that are held back
};

} // namespace atrium::storage::sqlite
