#pragma once

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <base/json_writer.hpp>
#include <base/log.hpp>
#include <storage/migration.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace atrium::console {

/// Makes and lists backups in one folder. At most one backup is made at a time, on a thread of its own. Can be used on any
/// thread.
class backups {
public:
    /// `time` must outlive this object.
    /// @param max_kept how many backups are kept in the folder after a new one is made; 0 means all
    backups(std::filesystem::path database, std::filesystem::path folder, std::size_t max_kept,
            std::vector<storage::schema> schemas, const clock& time, logger log);
    ~backups();
    backups(const backups&) = delete;
    backups& operator=(const backups&) = delete;

    struct backup {
        std::string name;
        std::optional<std::uint64_t> bytes; ///< empty if the backup is not finished yet
    };

    /// Begins a backup, and returns when the backup is finished. If this takes longer than `max_wait`, returns earlier, and the
    /// backup continues. After a successful backup, the oldest backups that this class has made are removed, if there are more
    /// than `max_kept`. Other files are not removed. Errors: conflict (a backup is being made already, or was made in the same
    /// second), unavailable (the backup failed; the log has the reason).
    [[nodiscard]] awaitable<result<backup>> make();
    static constexpr std::chrono::seconds max_wait{10};

    /// Writes an array of the backups in the folder, the newest first.
    void list(json_writer& json) const;

    /// Cancels a running backup, which then leaves no file, and refuses new backups. Idempotent.
    void begin_stop();
    /// Does what `begin_stop` does, then waits for the end of the running backup. Call it on one thread only. Idempotent.
    void stop();

private:
    struct job;

    [[nodiscard]] result<std::shared_ptr<const job>> begin();
    void run(job& j, const std::stop_token& cancellation) const;
    void remove_old(const std::string& newest) const;

    const std::filesystem::path database_;
    const std::filesystem::path folder_;
    const std::size_t max_kept_;
    const std::vector<storage::schema> schemas_;
    const clock& time_;
    const logger log_;
    std::mutex mutex_;
    std::shared_ptr<job> current_; ///< the backup that is being made, or the last one; null if there was none
    bool is_stopping_ = false;
    std::jthread thread_;
};

} // namespace atrium::console
