#include "sqlite/checkpoints.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <string>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t frame_header = 24; // number of bytes before each page in the write-ahead log
constexpr std::uint64_t max_pages = 1'000'000'000;
constexpr int reader_wait = 20;       // milliseconds for which the writer waits for a read of another process
constexpr auto between_attempts = 2s; // the pause after an attempt to restart the log has failed
constexpr std::chrono::milliseconds max_read_delay = 10s; // how long reads are held back if `storage.read_limit` is longer
// Added to the time for which reads are held back, because a read's time limit begins a little later than the read.
constexpr auto beyond_read_limit = 50ms;
// If the log could not be restarted while reads were held back, they are held back again only after this multiple of
// `max_read_delay_`, so that reads are admitted most of the time.
constexpr int pause_factor = 4;

std::uint64_t size_of_frame(connection& writer) {
    auto size = writer.query("PRAGMA page_size");
    return (size.next() ? static_cast<std::uint64_t>(size.integer(0)) : 4096) + frame_header;
}

} // namespace

checkpoints::checkpoints(connection& writer, read_gate& gate, const settings& s, logger log)
    : writer_{writer}, gate_{gate}, log_{std::move(log)}, frame_{size_of_frame(writer)}, sizes_{sizes_for(s.wal_limit, frame_)},
      max_read_delay_{std::min(s.read_limit, max_read_delay) + beyond_read_limit}, size_warnings_{throttle::once_a_minute()},
      failure_warnings_{throttle::once_a_minute()}, next_{sizes_.interval} {
    // At the first commit after the log was restarted, SQLite truncates a log file that is longer than this limit.
    writer_.execute("PRAGMA journal_size_limit = " + std::to_string(s.wal_limit));
    const auto note = [](void* self, sqlite3*, const char*, int pages) {
        static_cast<checkpoints*>(self)->note_commit(pages);
        return SQLITE_OK;
    };
    sqlite3_wal_hook(writer_.handle(), note, this);
}

checkpoints::sizes checkpoints::sizes_for(std::uint64_t limit, std::uint64_t frame) noexcept {
    const auto pages = static_cast<int>(std::min(limit / frame, max_pages));
    return {.interval = pages / 8, .short_interval = pages / 64, .large = pages / 4, .urgent = pages / 2, .limit = pages};
}

void checkpoints::note_commit(int pages) noexcept {
    if (pages < pages_)
        note_new_log();
    pages_ = pages;
}

void checkpoints::note_new_log() noexcept {
    pages_ = 0;
    moved_ = 0;
    next_ = sizes_.interval;
}

void checkpoints::advance() {
    if (pages_ >= next_)
        move_pages();
    if (pages_ >= sizes_.large)
        try_restart(steady::now());
    else
        admit_reads(); // if reads are held back, SQLite has restarted the log on its own, so they need not wait any longer
    report_size();
}

/// Moves pages from the log into the database file, except those that a running read still needs in the log. Reads do not wait
/// for this. While the log is large, pages are moved often. Few pages are then left for the checkpoint that restarts the log,
/// for which reads do wait.
void checkpoints::move_pages() {
    (void)run(SQLITE_CHECKPOINT_PASSIVE, 0);
    next_ = pages_ + (pages_ < sizes_.large ? sizes_.interval : sizes_.short_interval);
}

void checkpoints::try_restart(steady::time_point now) {
    if (!deadline_) {
        if (now < next_attempt_)
            return;
        if (gate_.try_close())
            return restart_log(now);
        if (pages_ < sizes_.urgent || now < next_read_delay_)
            return;
        gate_.close();
        deadline_ = now + max_read_delay_;
        obstacle_ = "reads that are running";
    }
    if (gate_.is_shut())
        return restart_log(now);
    if (now < *deadline_)
        return;
    admit_reads();
    next_read_delay_ = now + pause_factor * max_read_delay_;
}

/// Tries to restart the log. The gate is shut, but another process may be reading, which would prevent the restart.
void checkpoints::restart_log(steady::time_point now) {
    // If the log file has grown beyond the limit, it is truncated immediately, because the next commit may come much later.
    const auto ended = run(pages_ > sizes_.limit ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_RESTART, reader_wait);
    const bool were_reads_held = std::exchange(deadline_, std::nullopt).has_value();
    gate_.open();
    if (ended == outcome::complete)
        return note_new_log();
    if (were_reads_held)
        next_read_delay_ = now + pause_factor * max_read_delay_;
    next_attempt_ = now + between_attempts;
    obstacle_ = ended == outcome::blocked ? "another process that reads the file" : "a checkpoint that failed";
}

void checkpoints::admit_reads() {
    if (!std::exchange(deadline_, std::nullopt))
        return;
    gate_.open();
}

void checkpoints::work_while_idle() {
    if (is_behind())
        move_pages();
}

bool checkpoints::empty_log() {
    return run(SQLITE_CHECKPOINT_TRUNCATE, connection::busy_timeout) == outcome::complete;
}

/// Runs a checkpoint in one of SQLite's modes. `wait` is the maximum time to wait for reads, in milliseconds.
checkpoints::outcome checkpoints::run(int mode, int wait) {
    int pages = 0;
    int moved = 0;
    sqlite3_busy_timeout(writer_.handle(), wait);
    const int code = sqlite3_wal_checkpoint_v2(writer_.handle(), nullptr, mode, &pages, &moved);
    sqlite3_busy_timeout(writer_.handle(), connection::busy_timeout);

    if (code == SQLITE_OK || code == SQLITE_BUSY) {
        moved_ = moved;
        return code == SQLITE_OK ? outcome::complete : outcome::blocked;
    }
    // No data is lost: committed changes stay in the log, and the next checkpoint tries again.
    moved_ = pages_;
    if (failure_warnings_.pass())
        log_.warning("a checkpoint failed; the log of the database grows until one succeeds",
                     {{"reason", sqlite3_errmsg(writer_.handle())}, {"pages", pages_}});
    return outcome::failed;
}

void checkpoints::report_size() {
    if (pages_ <= sizes_.limit) {
        if (std::exchange(is_reported_, false))
            log_.info("the write-ahead log is within storage.wal_limit again");
        return;
    }
    if (!size_warnings_.pass())
        return;
    is_reported_ = true;
    log_.warning("the write-ahead log is larger than storage.wal_limit",
                 {{"bytes", static_cast<std::uint64_t>(pages_) * frame_}, {"waits_for", obstacle_}});
}

} // namespace atrium::storage::sqlite
