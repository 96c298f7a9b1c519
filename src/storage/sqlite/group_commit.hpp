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
/// What a waiter is told is always true of the disk. A function that SQLite cannot carry out (full disk, I/O error, no memory)
/// may take the whole transaction with it; the others then run again without it. A COMMIT that certainly kept nothing is tried
/// again with each function alone. After a COMMIT of which nobody knows what it kept, nothing may be written any more.
///
/// On the writer's thread.
class group_commit {
public:
    enum class condition {
        good,
        failing, ///< the disk did not take what came last; it is tried again
        broken,  ///< a COMMIT failed and may or may not be on disk: the process must end
    };

    /// `gate`: of the reads on the same file.
    group_commit(connection& on, read_gate& gate, const settings& s, metrics::registry& metrics, logger log);
    group_commit(const group_commit&) = delete;
    group_commit& operator=(const group_commit&) = delete;

    /// Decides the outcome of every function of the batch; everything that succeeded is on disk. Not when broken.
    void run(const waiting_writes& batch);

    [[nodiscard]] condition state() const noexcept { return condition_; }

    /// What costs time and can wait until the outcomes have been told: a checkpoint if the log has grown.
    void tidy();
    /// Instead of `tidy` if the file may not be touched.
    void admit_reads() { checkpoints_.admit_reads(); }
    /// When `tidy` is due although nothing was written; empty if it is not.
    [[nodiscard]] auto tidy_deadline() const noexcept { return checkpoints_.deadline(); }

    /// Whether `when_idle` has something to do: a checkpoint, or finding out whether a failing disk works again.
    [[nodiscard]] bool has_idle_work() const noexcept;
    void when_idle();

    /// What becomes of the log at the end.
    enum class log_ending {
        removed,  ///< emptied, and removed by SQLite
        emptied,  ///< but what its path leads to is left alone
        untouched ///< others may have begun to use it
    };
    /// Moves all that was committed into the database file, if the log may be touched. After the last reader. Whether all of it
    /// is there.
    bool finish_log(log_ending how);

private:
    enum class ending { kept, nothing_kept, unknown };
    using functions = std::vector<waiting_write*>;

    ending commit_together(functions& all);
    [[nodiscard]] bool run_all(functions& all);
    [[nodiscard]] functions::iterator run_until_lost(functions& all);
    [[nodiscard]] bool run_function(waiting_write& one);
    [[nodiscard]] ending commit();
    void fail(const char* what, const std::vector<log_field>& facts);
    void recover();
    void roll_back() noexcept;
    void probe();

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
