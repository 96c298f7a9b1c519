#include "sqlite/checkpoints.hpp"

#include <sqlite3.h>

namespace atrium::storage::sqlite {
namespace {

constexpr int enough = 2000;  // pages of 4 KiB between two checkpoints
constexpr int urgent = 8000;  // pages in the log from which the writer waits for readers, so that the log can begin anew
constexpr int patience = 100; // milliseconds of that waiting

} // namespace

checkpoints::checkpoints(connection& writer, logger log) : writer_{writer}, log_{std::move(log)}, next_{enough} {
    const auto note = [](void* self, sqlite3*, const char*, int pages) {
        auto& us = *static_cast<checkpoints*>(self);
        if (pages < us.pages_) { // the log has begun anew
            us.moved_ = 0;
            us.next_ = enough;
        }
        us.pages_ = pages;
        return SQLITE_OK;
    };
    sqlite3_wal_hook(writer_.handle(), note, this);
}

void checkpoints::after_commit() {
    if (pages_ < next_)
        return;
    // The usual kind disturbs nobody, but the log begins anew only at a moment without a reader in it. Where that moment does
    // not come by itself, the writer waits for it: new readers need the log no more, old ones end soon.
    run(pages_ < urgent ? SQLITE_CHECKPOINT_PASSIVE : SQLITE_CHECKPOINT_RESTART);
    next_ = pages_ + enough;
}

void checkpoints::when_idle() {
    run(SQLITE_CHECKPOINT_PASSIVE);
}

bool checkpoints::empty_log() {
    return run(SQLITE_CHECKPOINT_TRUNCATE);
}

bool checkpoints::run(int mode) {
    int pages = 0;
    int moved = 0;
    if (mode == SQLITE_CHECKPOINT_RESTART)
        sqlite3_busy_timeout(writer_.handle(), patience);
    const int code = sqlite3_wal_checkpoint_v2(writer_.handle(), nullptr, mode, &pages, &moved);
    if (mode == SQLITE_CHECKPOINT_RESTART)
        sqlite3_busy_timeout(writer_.handle(), connection::busy_timeout);

    if (code == SQLITE_OK || code == SQLITE_BUSY) {
        moved_ = moved;
        return code == SQLITE_OK;
    }
    // Nothing is lost: what has been committed stays in the log, and the next checkpoint tries again.
    moved_ = pages_;
    log_.warning("a checkpoint failed; the log of the database grows until one succeeds",
                 {{"reason", sqlite3_errmsg(writer_.handle())}, {"pages", pages_}});
    return false;
}

} // namespace atrium::storage::sqlite
