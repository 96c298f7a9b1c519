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

/// Moves what the write-ahead log holds into the database file, and lets the log begin anew, so that it stays small. Only the
/// writer's connection does this, between batches. On the writer's thread.
///
/// The log can begin anew only at a moment without a read, and reads that overlap leave no such moment. From a quarter of
/// `storage.wal_limit` on, a moment between two batches is used if no read is running. From half of it on, one is made: new
/// reads are held back until those that are running have ended, but no longer than a read may compute (`storage.read_limit`,
/// at most 10 s). A read that takes longer still goes on; the others are then admitted, the log grows, and the next such
/// attempt comes after four times as long. Writes wait for no read of this process.
class checkpoints {
public:
    /// `gate` outlives this object.
    checkpoints(connection& writer, read_gate& gate, const settings& s, logger log);
    checkpoints(const checkpoints&) = delete;
    checkpoints& operator=(const checkpoints&) = delete;

    /// Does the next step, if there is one. After a batch, when the gate is shut, and at `deadline`.
    void advance();

    /// Whether there is something to do without further writes: `when_idle`, then `advance`.
    [[nodiscard]] bool has_idle_work() const noexcept { return is_behind() || pages_ >= sizes_.large; }
    void when_idle();

    /// Until when reads are held back; empty if none are.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline() const noexcept { return deadline_; }

    /// Ends the holding back of reads, whatever the log needs.
    void admit_reads();

    /// Moves everything, for the end, after the last reader. Whether that was possible.
    [[nodiscard]] bool empty_log();

private:
    using steady = std::chrono::steady_clock;

    /// In pages of the log.
    struct sizes {
        int enough; ///< between two checkpoints
        int few;    ///< the same while the log is large
        int large;  ///< from which a moment without reads is used
        int urgent; ///< from which reads are held back to make one
        int limit;  ///< which it should not exceed
    };
    enum class outcome { complete, blocked, failed };

    static sizes sizes_for(std::uint64_t limit, std::uint64_t frame) noexcept;
    [[nodiscard]] bool is_behind() const noexcept { return pages_ > moved_; }
    void note_commit(int pages) noexcept;
    void note_new_log() noexcept;
    void move_pages();
    void seek_moment(steady::time_point now);
    void begin_anew(steady::time_point now);
    void report_size();
    outcome run(int mode, int wait);

    connection& writer_;
    read_gate& gate_;
    logger log_;
    const std::uint64_t frame_; ///< bytes of a page in the log
    const sizes sizes_;
    const steady::duration max_hold_;
    throttle size_warnings_;
    throttle failure_warnings_;
    int pages_ = 0;                     ///< in the log, after the last commit
    int moved_ = 0;                     ///< of these, already in the database file
    int next_ = 0;                      ///< how many pages call for the next checkpoint
    const char* obstacle_ = "";         ///< to the last attempt to begin the log anew
    bool is_reported_ = false;          ///< that the log is too large
    steady::time_point next_attempt_{}; ///< after one that failed without a read of this process
    steady::time_point next_hold_{};    ///< after reads were held back in vain
    std::optional<steady::time_point> deadline_;
};

} // namespace atrium::storage::sqlite
