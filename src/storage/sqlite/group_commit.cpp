#include "sqlite/group_commit.hpp"

#include <storage/unknown_commit.hpp>

#include <sqlite3.h>

#include <cerrno>
#include <chrono>

namespace atrium::storage::sqlite {
namespace {

error cancelled_error() {
    return {.code = errc::unavailable, .detail = "cancelled before it began; nothing was changed"};
}

/// Fails all writes with `unknown_commit`.
void fail_unknown(const std::vector<waiting_write*>& writes, const connection& connection) {
    // A separate exception object for each write, because the exceptions are rethrown on different threads.
    for (auto* each : writes)
        each->thrown = std::make_exception_ptr(unknown_commit{connection.last_failure()});
}

/// Fails all writes, none of which was committed, with the last database error.
void fail_all(const std::vector<waiting_write*>& writes, const connection& connection) {
    // A separate exception object for each write, because the exceptions are rethrown on different threads.
    for (auto* each : writes)
        each->thrown = connection.last_exception();
}

/// The system's error code of the last failed access to the write-ahead log. `sqlite3_system_errno` cannot be used: after a
/// failed commit, SQLite has rolled back, and the rollback has overwritten the code that this function returns.
int system_error_of_log(sqlite3* connection) noexcept {
    sqlite3_file* log = nullptr;
    int code = 0;
    if (sqlite3_file_control(connection, "main", SQLITE_FCNTL_JOURNAL_POINTER, static_cast<void*>(&log)) == SQLITE_OK && log &&
        log->pMethods)
        log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &code);
    return code;
}

/// Whether a COMMIT that failed with these codes has certainly kept nothing. The last frame that is written to the log
/// completes the commit, so a commit is incomplete if a write failed for lack of space. The outcome is unknown after any other
/// I/O error, especially a failed sync, and after running out of memory (then the log is complete, but not its index).
bool kept_nothing(int code, int system_error) noexcept {
    switch (code & 0xff) {
    case SQLITE_FULL:
    case SQLITE_BUSY:
    case SQLITE_CONSTRAINT: return true;
    case SQLITE_IOERR:
        return code == SQLITE_IOERR_WRITE && (system_error == ENOSPC || system_error == EFBIG || system_error == EDQUOT);
    default: return false;
    }
}

} // namespace

group_commit::group_commit(connection& connection, read_gate& gate, const settings& s, metrics::registry& metrics, logger log)
    : connection_{connection}, log_{std::move(log)}, transaction_{connection}, checkpoints_{connection, gate, s, log_},
      begin_{connection, "BEGIN IMMEDIATE"}, commit_{connection, "COMMIT"}, rollback_{connection, "ROLLBACK"},
      batch_size_{metrics.histogram("atrium_storage_batch_size", "Number of writes that shared one commit",
                                    {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024})},
      commit_duration_{metrics.histogram("atrium_storage_commit_duration_seconds", "Duration of a COMMIT including its sync",
                                         metrics::latency_buckets())} {}

void group_commit::run(const waiting_writes& batch) {
    functions writes;
    writes.reserve(batch.size());
    for (const auto& each : batch)
        writes.push_back(each.get());

    if (commit_together(writes) != ending::nothing_kept)
        return;
    if (writes.size() == 1)
        return fail_all(writes, connection_);
    // The disk may lack space for only one of the writes, so each is tried alone.
    for (auto* each : writes) {
        functions alone{each};
        if (condition_ == condition::broken)
            fail_unknown(alone, connection_);
        else if (commit_together(alone) == ending::nothing_kept)
            fail_all(alone, connection_);
    }
}

/// Runs the functions and commits their changes in one transaction. Removes from `writes` the functions whose outcome does not
/// depend on the commit (see `run_all`).
group_commit::ending group_commit::commit_together(functions& writes) {
    const bool ran = run_all(writes);
    if (!ran || writes.empty()) {
        roll_back();
        return ending::kept; // nothing is left to commit: the outcomes of all functions are set
    }
    const auto committed = commit();
    switch (committed) {
    case ending::kept:
        recover();
        batch_size_.observe(static_cast<double>(writes.size()));
        transaction_.notify_listeners();
        break;
    case ending::nothing_kept: roll_back(); break;
    case ending::unknown: fail_unknown(writes, connection_); break;
    }
    return committed;
}

/// Runs the functions in one transaction. If one of them makes the transaction unusable (see `run_function`), rolls the
/// transaction back and runs the others again. Removes such functions, and the cancelled ones, from `writes`, because their
/// outcome does not depend on the commit. Returns false if no transaction can begin.
bool group_commit::run_all(functions& writes) {
    for (;;) {
        if (const int code = begin_.run(); code != SQLITE_DONE) {
            connection_.note_failure(code, "BEGIN IMMEDIATE");
            fail("cannot begin a transaction", {{"reason", connection_.last_failure()}});
            fail_all(writes, connection_);
            return false;
        }
        const auto culprit = run_until_rollback(writes);
        if (culprit == writes.end())
            return true;
        if (!connection_.has_met_damage()) // `damage_report` logs damage, and only once
            fail("a function made SQLite roll back its batch; the others run again",
                 {{"owner", (*culprit)->owner}, {"batch", writes.size()}, {"reason", connection_.last_failure()}});
        writes.erase(culprit);
        roll_back();
    }
}

/// Runs the functions until one makes the transaction unusable (see `run_function`). Returns the position of that function, or
/// the end if there is none.
group_commit::functions::iterator group_commit::run_until_rollback(functions& writes) {
    for (auto each = writes.begin(); each != writes.end();) {
        if (!(*each)->begin()) {
            (*each)->outcome = cancelled_error();
            each = writes.erase(each);
        } else if (run_function(**each)) {
            ++each;
        } else {
            return each;
        }
    }
    return writes.end();
}

/// Runs one function. Returns false if the transaction is unusable afterwards, because SQLite has rolled it back or a damaged
/// page was found; `write.thrown` then contains the reason. After a damaged page, SQLite would fail the COMMIT of the whole
/// batch, even if the changes of this function had been undone.
bool group_commit::run_function(waiting_write& write) {
    write.thrown = nullptr; // an earlier run may have set it
    write.has_changes = false;
    connection_.forget_damage();
    try {
        transaction_.begin_function(write.owner);
        bool keep = false;
        try {
            keep = write.task.run(transaction_);
            write.has_changes = keep;
        } catch (...) {
            write.thrown = std::current_exception();
        }
        if (connection_.is_in_transaction() && !connection_.has_met_damage()) {
            transaction_.end_function(keep);
            return true;
        }
        if (!write.thrown) // the function has caught the exception
            write.thrown = connection_.last_exception();
    } catch (...) {
        write.thrown = std::current_exception();
    }
    return false;
}

group_commit::ending group_commit::commit() {
    const auto began = std::chrono::steady_clock::now();
    const int code = commit_.run();
    commit_duration_.observe(std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count());
    if (code == SQLITE_DONE) [[likely]]
        return ending::kept;

    const int system_error = system_error_of_log(connection_.handle());
    connection_.note_failure(code, "COMMIT");
    const std::vector<log_field> facts{{"reason", connection_.last_failure()}, {"errno", system_error}};
    if (kept_nothing(code, system_error)) {
        fail("a commit failed and was rolled back", facts);
        return ending::nothing_kept;
    }
    log_.error("a commit failed and may or may not be on disk; the server must stop", facts);
    condition_ = condition::broken;
    return ending::unknown;
}

/// Logs a failure only if the batch before it succeeded, because logging every failure could fill up the disk. `recover` logs
/// that writing works again.
void group_commit::fail(const char* message, const std::vector<log_field>& facts) {
    if (condition_ == condition::good)
        log_.error(message, facts);
    condition_ = condition::failing;
}

void group_commit::recover() {
    if (condition_ == condition::failing)
        log_.info("the database can be written again");
    condition_ = condition::good;
}

void group_commit::roll_back() noexcept {
    if (connection_.is_in_transaction())
        (void)rollback_.run();
    transaction_.forget_listeners();
}

void group_commit::run_maintenance() {
    if (condition_ == condition::good)
        checkpoints_.advance();
    else
        checkpoints_.admit_reads();
}

bool group_commit::has_idle_work() const noexcept {
    return condition_ == condition::failing || (condition_ == condition::good && checkpoints_.has_idle_work());
}

void group_commit::work_while_idle() {
    if (condition_ == condition::failing)
        test_disk();
    else if (condition_ == condition::good)
        checkpoints_.work_while_idle();
}

bool group_commit::finish_log(log_ending requested_ending) {
    // If the outcome of a COMMIT is unknown, the log is not changed. The next process that opens the file determines from the
    // log whether the last batch was committed.
    const auto possible = condition_ == condition::broken ? log_ending::untouched : requested_ending;
    if (possible != log_ending::removed) // SQLite would remove the log by its path, which may lead to another file
        sqlite3_db_config(connection_.handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    switch (possible) {
    case log_ending::removed:
    case log_ending::emptied: return checkpoints_.empty_log();
    case log_ending::untouched: break;
    }
    return false;
}

/// Tests whether a disk that was full has space again, by writing one page without changing it. Without this, a server that
/// gets no requests because it is not ready would never become ready again.
void group_commit::test_disk() {
    if (begin_.run() != SQLITE_DONE)
        return;
    try {
        connection_.execute("PRAGMA user_version = 0");
        if (commit() == ending::kept)
            recover();
    } catch (const failure&) { // ignored: the disk is still full
    }
    roll_back();
}

} // namespace atrium::storage::sqlite
