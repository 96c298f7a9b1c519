#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/read_gate.hpp"

#include <base/log.hpp>
#include <base/throttle.hpp>
#include <storage/sqlite/settings.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace atrium::storage::sqlite {

/// Moves the pages of the write-ahead log into the database file and restarts the log, so that the log stays small. Only the
/// writer's connection does this, between batches, on the writer's thread.
///
/// The log can be restarted only while no read is running, and overlapping reads leave no such moment. If the log exceeds a
/// quarter of `storage.wal_limit`, it is restarted between two batches if no read happens to be running. If it exceeds half of
/// the limit, new reads are held back until the running ones have ended, but at most for `storage.read_limit` or 10 s,
/// whichever is shorter. If a read takes longer, it continues, and the reads that were held back are admitted. The log then
/// grows, and reads are held back again only after a pause that is four times as long as this maximum. Writes never wait for
/// reads of this process.
class checkpoints {
public:
    /// `gate` outlives this object.
    checkpoints(connection& writer, read_gate& gate, const settings& s, logger log);
    checkpoints(const checkpoints&) = delete;
    checkpoints& operator=(const checkpoints&) = delete;

    /// Does the next step, if one is due. Call it after each batch, when the last read leaves the closed gate, and at
    /// `deadline`.
    void advance();

    /// Whether there is work even if nothing more is written. To do it, call `work_while_idle`, then `advance`.
    [[nodiscard]] bool has_idle_work() const noexcept { return is_behind() || pages_ >= sizes_.large; }
    void work_while_idle();

    /// The time until which reads are held back; empty if they are not.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept { return deadline_; }

    /// Admits reads again, even if the log has not been restarted.
    void admit_reads();

    /// Moves all pages into the database file and empties the log. Call it when the database is closed, after the last reader
    /// has ended. Returns whether that succeeded.
    [[nodiscard]] bool empty_log();

private:
    using steady = std::chrono::steady_clock;

    /// Sizes of the log and distances between checkpoints, in pages.
    struct sizes {
        int interval;       ///< number of new pages between two checkpoints
        int short_interval; ///< number of new pages between two checkpoints while the log is large
        int large;          ///< from this size on, the log is restarted whenever no read is running
        int urgent;         ///< from this size on, reads are held back so that the log can be restarted
        int limit;          ///< the size that the log should not exceed
    };
    enum class outcome { complete, blocked, failed };

    static sizes sizes_for(std::uint64_t limit, std::uint64_t frame) noexcept;
    [[nodiscard]] bool is_behind() const noexcept { return pages_ > moved_; }
    void note_commit(int pages) noexcept;
    void note_new_log() noexcept;
    void move_pages();
    void try_restart(steady::time_point now);
    void restart_log(steady::time_point now);
    void report_size();
    outcome run(int mode, int wait);

    connection& writer_;
    read_gate& gate_;
    logger log_;
    const std::uint64_t frame_; ///< number of bytes that a page occupies in the log
    const sizes sizes_;
    const steady::duration max_read_delay_;
    throttle size_warnings_;
    throttle failure_warnings_;
    int pages_ = 0;             ///< pages in the log after the last commit
    int moved_ = 0;             ///< number of these pages that are already in the database file
    int next_ = 0;              ///< number of pages in the log at which the next checkpoint is due
    const char* obstacle_ = ""; ///< why the last attempt to restart the log failed
    bool is_reported_ = false;  ///< a warning about the size of the log has been logged
    /// Earliest time of the next attempt to restart the log, after an attempt has failed although no read of this process was
    /// running.
    steady::time_point next_attempt_{};
    steady::time_point next_read_delay_{}; ///< earliest time to hold reads back again after the log could not be restarted
    std::optional<steady::time_point> deadline_;
};

} // namespace atrium::storage::sqlite
