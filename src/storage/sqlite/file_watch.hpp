#pragma once

#include "sqlite/file_identity.hpp"

#include <base/error.hpp>
#include <base/log.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace atrium::storage::sqlite {

/// Detects that an open database file, or its `-wal` or `-shm`, is no longer at the path where it was opened. SQLite would
/// continue to write to the open files, and the next start would not find those changes. Checks four times a second, and
/// whenever `look` is called. Can be used on any thread.
class file_watch {
public:
    /// How long the file may be missing before the server has to stop.
    static constexpr std::chrono::seconds max_absence{5};

    enum class whereabouts {
        in_place,
        moved,     ///< nothing is at its path, but the file itself still exists
        removed,   ///< the file no longer exists
        replaced,  ///< its path leads to another file
        log_lost,  ///< `-wal` was removed or replaced
        index_lost ///< `-shm` was removed or replaced
    };

    /// `descriptor` is that of the open file at `file`; it must outlive this object.
    file_watch(std::filesystem::path file, int descriptor, logger log);
    ~file_watch();
    file_watch(const file_watch&) = delete;
    file_watch& operator=(const file_watch&) = delete;

    /// Starts watching the file, `-wal` and `-shm`, which must exist. If the file has been missing for `max_absence`, `on_gone`
    /// is called once, on the watching thread, and `state` is an error from then on, even if the file comes back.
    void start(std::function<void()> on_gone);
    void stop();

    /// Checks immediately. Takes a few microseconds.
    whereabouts look();

    /// The error for requests while the files are in this state, which must not be `in_place`.
    [[nodiscard]] static error describe(whereabouts found);

    /// The result of the last check. Errors: unavailable, with a sentence for clients and operators.
    [[nodiscard]] result<> state() const;

private:
    [[nodiscard]] whereabouts find_whereabouts() const;
    void record_change(whereabouts found);
    void run();

    const std::filesystem::path file_;
    const std::filesystem::path log_file_;
    const std::filesystem::path index_file_;
    const int descriptor_;
    const logger log_;
    std::optional<file_identity> log_identity_;
    std::optional<file_identity> index_identity_;

    std::atomic<whereabouts> last_ = whereabouts::in_place;
    std::atomic<bool> gave_up_ = false;
    std::mutex mutex_; ///< guards the members below, and changes of `last_`
    std::chrono::steady_clock::time_point away_since_;
    bool is_stopping_ = false;
    std::condition_variable stopping_;
    std::function<void()> on_gone_; ///< only used by the thread
    std::thread thread_;
};

} // namespace atrium::storage::sqlite
