#pragma once

#include "sqlite/connection.hpp"
#include "sqlite/file_watch.hpp"
#include "sqlite/group_commit.hpp"
#include "sqlite/read_gate.hpp"
#include "sqlite/waiting_write.hpp"
#include "sqlite/write_queue.hpp"

#include <base/error.hpp>
#include <base/log.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

namespace atrium::storage::sqlite {

/// The only thread that writes. It takes the waiting functions, commits them as a group, and then resumes their callers. It
/// never waits for a batch to grow: while one batch is synced, the next one accumulates in the queue.
class writer {
public:
    /// Only the writer's thread uses `connection` from `start` to the end of `stop`. While `watch` reports that the file is
    /// missing, nothing is written or acknowledged. `gate` controls the reads of the same file; it is open again at the end of
    /// `stop`.
    writer(connection& connection, read_gate& gate, file_watch& watch, const settings& s, metrics::registry& metrics,
           logger log);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// See `sqlite_database::start`.
    void start(std::function<void()> on_broken);

    /// Can be called on any thread at any time. The error of a refused function is posted to its caller like any other outcome.
    void submit(std::unique_ptr<waiting_write> write);

    /// Refuses new writes, runs the waiting ones and joins the thread. Idempotent.
    void stop();

    /// See `group_commit::finish_log`. The connection is no longer used afterwards. Call it after `stop`, and after the last
    /// read has ended.
    bool finish(group_commit::log_ending requested_ending);

    /// Success if the writer is running and its last write succeeded. Can be called on any thread.
    [[nodiscard]] result<> healthy() const;

private:
    enum class condition { stopped, good, failing, broken };

    void run();
    void serve(waiting_writes& batch);
    void run_idle_work(bool is_idle);
    void run_maintenance(file_watch::whereabouts found);
    [[nodiscard]] std::optional<std::chrono::steady_clock::duration> max_wait() const;
    void note_condition();
    static void refuse(waiting_writes& batch, const error& reason);

    const std::size_t batch_limit_;
    file_watch& watch_;
    std::optional<group_commit> group_;  ///< used by the writer's thread only, while it runs
    std::shared_ptr<write_queue> queue_; ///< shared with the metric that shows its length
    std::atomic<condition> condition_ = condition::stopped;
    std::function<void()> on_broken_;
    metrics::counter refused_;
    std::thread thread_;
};

} // namespace atrium::storage::sqlite
