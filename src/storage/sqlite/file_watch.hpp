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

/// Notices that an open database file, or its `-wal` or `-shm`, is no longer where it was opened: SQLite goes on with what it
/// has open, and nothing of that would be found by the next start. Looks four times a second, and whenever it is asked to. Any
/// thread.
class file_watch {
public:
    /// How long the file may be away before the server has to end.
    static constexpr std::chrono::seconds patience{5};

    enum class whereabouts {
        in_place,
        moved,     ///< there is nothing at its path; the file itself still exists
        removed,   ///< it exists no longer
        replaced,  ///< its path leads to another file
        log_lost,  ///< `-wal` was removed or replaced
        index_lost ///< `-shm` was removed or replaced
    };

    /// `descriptor`: of the open file at `file`; it must outlive this object.
    file_watch(std::filesystem::path file, int descriptor, logger log);
    ~file_watch();
    file_watch(const file_watch&) = delete;
    file_watch& operator=(const file_watch&) = delete;

    /// Watches from now on, `-wal` and `-shm` as well, which must be there. `on_gone` is called once, on a thread of its own,
    /// if the file has been away for `patience`; `state` is an error from then on, whatever comes back.
    void start(std::function<void()> on_gone);
    void stop();

    /// Looks at once. A few microseconds.
    whereabouts look();

    /// Why nothing can be done while the file is there; not for `in_place`.
    [[nodiscard]] static error describe(whereabouts found);

    /// What the last look found; errors: unavailable, with a sentence for clients and operators.
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
    std::mutex mutex_; ///< guards what follows, and changes of `last_`
    std::chrono::steady_clock::time_point away_since_;
    bool is_stopping_ = false;
    std::condition_variable stopping_;
    std::function<void()> on_gone_; ///< the thread's
    std::thread thread_;
};

} // namespace atrium::storage::sqlite
