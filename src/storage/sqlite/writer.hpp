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

/// The one thread that writes. It takes the functions that wait, commits them as a group and only then resumes those who wait.
/// It never waits to gather more: while one batch syncs, the next one gathers by itself.
class writer {
public:
    /// `on` is used by the writer's thread alone from `start` to the end of `stop`. While `watch` misses the file, nothing is
    /// written and nothing is acknowledged. `gate`: of the reads on the same file; open again at the end of `stop`.
    writer(connection& on, read_gate& gate, file_watch& watch, const settings& s, metrics::registry& metrics, logger log);
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// See `sqlite_database::start`.
    void start(std::function<void()> on_broken);

    /// Any thread, at any time. The outcome of a refused function is posted to its waiter like any other.
    void submit(std::unique_ptr<waiting_write> one);

    /// Refuses what comes from now on, carries out what waits, joins the thread. Idempotent.
    void stop();

    /// See `group_commit::finish_log`; lets go of the connection. After `stop` and the last reader.
    bool finish(group_commit::log_ending how);

    /// Whether it runs and could write last time. Any thread.
    [[nodiscard]] result<> healthy() const;

private:
    enum class condition { stopped, good, failing, broken };

    void run();
    void serve(waiting_writes& batch);
    void tend(bool is_idle);
    void tidy(file_watch::whereabouts found);
    [[nodiscard]] std::optional<std::chrono::steady_clock::duration> patience() const;
    void note_condition();
    static void refuse(waiting_writes& batch, const error& why);

    const std::size_t batch_limit_;
    file_watch& watch_;
    std::optional<group_commit> group_;  ///< the writer's thread's, while it runs
    std::shared_ptr<write_queue> queue_; ///< shared with the metric that shows its length
    std::atomic<condition> condition_ = condition::stopped;
    std::function<void()> on_broken_;
    metrics::counter refused_;
    std::thread thread_;
};

} // namespace atrium::storage::sqlite
