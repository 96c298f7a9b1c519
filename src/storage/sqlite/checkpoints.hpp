#pragma once

#include "sqlite/connection.hpp"

#include <base/log.hpp>

namespace atrium::storage::sqlite {

/// Moves what the write-ahead log holds into the database file, so that the log stays bounded. Only the writer's connection
/// does this, between batches. On the writer's thread.
class checkpoints {
public:
    checkpoints(connection& writer, logger log);
    checkpoints(const checkpoints&) = delete;
    checkpoints& operator=(const checkpoints&) = delete;

    /// After a commit: a checkpoint where the log has grown enough since the last one.
    void after_commit();

    /// Whether there is something that `when_idle` could move.
    [[nodiscard]] bool is_behind() const noexcept { return pages_ > moved_; }
    void when_idle();

    /// Moves everything, for the end, after the last reader. Whether that was possible.
    [[nodiscard]] bool empty_log();

private:
    bool run(int mode);

    connection& writer_;
    logger log_;
    int pages_ = 0; ///< in the log, after the last commit
    int moved_ = 0; ///< of these, already in the database file
    int next_ = 0;  ///< how many pages call for the next checkpoint
};

} // namespace atrium::storage::sqlite
