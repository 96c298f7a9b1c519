#include "sqlite/file_watch.hpp"

#include <storage/sqlite/database.hpp>

#include <utility>

namespace atrium::storage::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds between_looks{250};

const char* sentence(file_watch::whereabouts found) noexcept {
    using enum file_watch::whereabouts;
    switch (found) {
    case in_place: break;
    case moved: return "the database file was moved away, or its folder renamed";
    case removed: return "the database file was removed";
    case replaced: return "the database file was replaced by another one";
    case log_lost: return "the log of the database (-wal) was removed or replaced";
    case index_lost: return "the index of the database's log (-shm) was removed or replaced";
    }
    return "the database file is in place";
}

} // namespace

file_watch::file_watch(std::filesystem::path file, int descriptor, logger log)
    : file_{std::move(file)}, log_file_{companion_path(file_, "-wal")}, index_file_{companion_path(file_, "-shm")},
      descriptor_{descriptor}, log_{std::move(log)} {}

file_watch::~file_watch() {
    stop();
}

void file_watch::start(std::function<void()> on_gone) {
    log_identity_ = find_identity(log_file_);
    index_identity_ = find_identity(index_file_);
    if (!log_identity_ || !index_identity_ || look() != whereabouts::in_place)
        throw open_error{file_.string() +
                         " was moved, removed or replaced while it was opened; find out which program does this"};
    on_gone_ = std::move(on_gone);
    thread_ = std::thread{&file_watch::run, this};
}

void file_watch::stop() {
    {
        const std::lock_guard lock{mutex_};
        is_stopping_ = true;
    }
    stopping_.notify_all();
    if (thread_.joinable())
        thread_.join();
}

file_watch::whereabouts file_watch::look() {
    const auto found = find_whereabouts();
    if (found != last_) [[unlikely]]
        record_change(found);
    return found;
}

error file_watch::describe(whereabouts found) {
    return {.code = errc::unavailable,
            .detail = std::string{sentence(found)} + "; nothing can be read or changed until it is back"};
}

result<> file_watch::state() const {
    const auto found = last_.load();
    if (found == whereabouts::in_place)
        return gave_up_ ? result<>{error{.code = errc::unavailable,
                                         .detail = "the database file was missing; the server is stopping"}}
                        : result<>{};
    return describe(found);
}

file_watch::whereabouts file_watch::find_whereabouts() const {
    struct stat own{};
    if (::fstat(descriptor_, &own) != 0 || own.st_nlink == 0)
        return whereabouts::removed;
    const auto at_path = find_identity(file_);
    if (!at_path)
        return whereabouts::moved;
    if (*at_path != identity_of(own))
        return whereabouts::replaced;
    if (log_identity_ && find_identity(log_file_) != log_identity_)
        return whereabouts::log_lost;
    if (index_identity_ && find_identity(index_file_) != index_identity_)
        return whereabouts::index_lost;
    return whereabouts::in_place;
}

void file_watch::record_change(whereabouts found) {
    const std::lock_guard lock{mutex_};
    const auto previous = last_.exchange(found);
    if (previous == found)
        return;
    if (found == whereabouts::in_place) {
        log_.info("the database is back in place", {{"file", file_.string()}});
        return;
    }
    if (previous == whereabouts::in_place)
        away_since_ = steady_clock::now();
    log_.error("the database files are not in place; the server stops unless they are back within 5 seconds",
               {{"reason", sentence(found)}, {"file", file_.string()}});
}

void file_watch::run() {
    for (;;) {
        look();
        std::unique_lock lock{mutex_};
        if (on_gone_ && last_ != whereabouts::in_place && steady_clock::now() - away_since_ >= max_absence) {
            gave_up_ = true;
            lock.unlock();
            std::exchange(on_gone_, nullptr)();
            lock.lock();
        }
        if (stopping_.wait_for(lock, between_looks, [this] { return is_stopping_; }))
            return;
    }
}

} // namespace atrium::storage::sqlite
