#pragma once

#include "sqlite/checkpoints.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/transaction.hpp"
#include "sqlite/waiting_write.hpp"

#include <base/log.hpp>
#include <metrics/registry.hpp>

#include <vector>

namespace atrium::storage::sqlite {

/// Runs a batch of functions, each in a savepoint of one transaction, and commits them with one sync of the disk.
///
/// The outcome that a waiting caller gets always matches what is on disk. If SQLite cannot execute a function (full disk, I/O
/// error, no memory), it may roll back the whole transaction; the other functions then run again without that one. If a COMMIT
/// fails and has certainly stored nothing, each function is tried again alone. If it is unknown whether a COMMIT has stored its
/// changes, nothing may be written any more.
///
/// Used on the writer's thread only.
class group_commit {
public:
    enum class condition {
        good,
        failing, ///< the last batch could not be written; later batches are tried
        broken,  ///< a COMMIT failed and may or may not be on disk: the process must stop
    };

    /// `gate` controls the reads of the same file.
    group_commit(connection& connection, read_gate& gate, const settings& s, metrics::registry& metrics, logger log);
    group_commit(const group_commit&) = delete;
    group_commit& operator=(const group_commit&) = delete;

    /// Sets the outcome of every function of the batch; the changes of those that succeeded are on disk. Do not call it if the
    /// condition is `broken`.
    void run(const waiting_writes& batch);

    [[nodiscard]] condition state() const noexcept { return condition_; }

    /// Does the work that can wait until the callers have been resumed: a checkpoint if the write-ahead log has grown.
    void run_maintenance();
    /// Admits the reads that are held back. Call it instead of `run_maintenance` if the file must not be changed.
    void admit_reads() { checkpoints_.admit_reads(); }
    /// The time at which `run_maintenance` is due even if nothing is written; empty if there is no such time.
    [[nodiscard]] auto maintenance_deadline() const noexcept { return checkpoints_.deadline(); }

    /// Whether `work_while_idle` has work: a checkpoint, or testing whether a failing disk works again.
    [[nodiscard]] bool has_idle_work() const noexcept;
    void work_while_idle();

    /// What is done with the write-ahead log when the database is closed.
    enum class log_ending {
        removed,  ///< emptied, then removed by SQLite
        emptied,  ///< emptied but not removed, because another file may be at its path now
        untouched ///< not changed, because another process may be using it
    };
    /// Moves all committed changes into the database file, unless `requested_ending` is `untouched` or the condition is
    /// `broken`. Call it after the last reader has ended. Returns whether the database file contains all committed changes.
    bool finish_log(log_ending requested_ending);

private:
    enum class ending { kept, nothing_kept, unknown };
    using functions = std::vector<waiting_write*>;

    ending commit_together(functions& writes);
    [[nodiscard]] bool run_all(functions& writes);
    [[nodiscard]] functions::iterator run_until_rollback(functions& writes);
    [[nodiscard]] bool run_function(waiting_write& write);
    [[nodiscard]] ending commit();
    void fail(const char* message, const std::vector<log_field>& facts);
    void recover();
    void roll_back() noexcept;
    void test_disk();

    connection& connection_;
    logger log_;
    sqlite_transaction transaction_;
    checkpoints checkpoints_;
    command begin_;
    command commit_;
    command rollback_;
    condition condition_ = condition::good;

    metrics::histogram batch_size_;
    metrics::histogram commit_duration_;
};

} // namespace atrium::storage::sqlite
