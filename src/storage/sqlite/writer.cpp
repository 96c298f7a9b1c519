#include "sqlite/writer.hpp"

#include <storage/unknown_commit.hpp>

#include <algorithm>
#include <chrono>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

constexpr std::chrono::milliseconds idle_time{1000}; // time without a write before `work_while_idle` is called

error shutting_down() {
    return {.code = errc::unavailable, .detail = "the server is shutting down; nothing was changed"};
}

/// Sets the outcomes of a batch if the database file disappeared while the batch was committed. If the file comes back, it may
/// or may not contain these changes.
void mark_unknown(const waiting_writes& batch, file_watch::whereabouts found) {
    for (const auto& each : batch) {
        if (each->thrown || !each->outcome)
            continue;
        if (each->has_changes) // a separate exception object for each write, because they are rethrown on different threads
            each->thrown = std::make_exception_ptr(
                unknown_commit{"the database file disappeared during a commit; it is not known whether the change is kept"});
        else
            each->outcome = file_watch::describe(found);
    }
}

error database_failed() {
    return {.code = errc::unavailable, .detail = "the database has failed; nothing was changed"};
}

} // namespace

writer::writer(connection& connection, read_gate& gate, file_watch& watch, const settings& s, metrics::registry& metrics,
               logger log)
    : batch_limit_{std::max<std::size_t>(s.batch_limit, 1)}, watch_{watch},
      group_{std::in_place, connection, gate, s, metrics, std::move(log)}, queue_{std::make_shared<write_queue>(s.queue_limit)},
      refused_{metrics.counter("atrium_storage_refused_total",
                               "Writes refused because too many were waiting or the server was stopping")} {
    const auto length = metrics.gauge("atrium_storage_queue_length", "Writes waiting for the writer");
    metrics.before_render([length, queue = queue_] { length.set(static_cast<double>(queue->length())); });
    gate.when_shut([queue = queue_] { queue->signal(); });
}

writer::~writer() {
    stop();
}

void writer::start(std::function<void()> on_broken) {
    on_broken_ = std::move(on_broken);
    condition_ = condition::good; // set before the thread starts, because the thread may change it immediately
    try {
        thread_ = std::thread{&writer::run, this};
    } catch (...) {
        condition_ = condition::stopped;
        throw;
    }
}

void writer::stop() {
    queue_->close(shutting_down());
    if (thread_.joinable())
        thread_.join();
    if (group_)
        group_->admit_reads();
    waiting_writes left; // writes are left only if the thread was never started
    while (queue_->take(left, batch_limit_, std::nullopt) == write_queue::wake_cause::by_work)
        refuse(left, shutting_down());
    if (condition_ != condition::broken)
        condition_ = condition::stopped;
}

bool writer::finish(group_commit::log_ending requested_ending) {
    const bool is_complete = group_ && group_->finish_log(requested_ending);
    group_.reset();
    return is_complete;
}

void writer::submit(std::unique_ptr<waiting_write> write) {
    auto taken = queue_->push(write);
    if (taken)
        return;
    refused_.increment();
    write->outcome = std::move(taken);
    waiting_writes refused;
    refused.push_back(std::move(write));
    resume_all(refused);
}

result<> writer::healthy() const {
    switch (condition_.load()) {
    case condition::good: return {};
    case condition::failing: return error{.code = errc::unavailable, .detail = "the database cannot be written at the moment"};
    case condition::broken: return error{.code = errc::unavailable, .detail = "the database failed; the server is stopping"};
    case condition::stopped: break;
    }
    return error{.code = errc::unavailable, .detail = "the database is not running"};
}

void writer::run() {
    waiting_writes batch;
    for (;;) {
        switch (queue_->take(batch, batch_limit_, max_wait())) {
        case write_queue::wake_cause::by_end: return;
        case write_queue::wake_cause::by_work: serve(batch); break;
        case write_queue::wake_cause::by_time: run_idle_work(true); break;
        case write_queue::wake_cause::by_signal: run_idle_work(false); break;
        }
        if (condition_ == condition::broken && on_broken_)
            std::exchange(on_broken_, nullptr)();
    }
}

/// How long to wait for writes before other work is due; empty if no other work is due.
std::optional<std::chrono::steady_clock::duration> writer::max_wait() const {
    using steady = std::chrono::steady_clock;
    if (const auto deadline = group_->maintenance_deadline())
        return std::max(*deadline - steady::now(), steady::duration::zero());
    return group_->has_idle_work() ? std::optional<steady::duration>{idle_time} : std::nullopt;
}

/// Does the work that is due although no write waits. `is_idle` is false if the gate woke the writer, and true if `max_wait`
/// passed without a write.
void writer::run_idle_work(bool is_idle) {
    const auto found = watch_.look();
    if (is_idle && found == file_watch::whereabouts::in_place)
        group_->work_while_idle();
    run_maintenance(found);
    note_condition();
}

void writer::serve(waiting_writes& batch) {
    if (condition_ == condition::broken)
        return refuse(batch, database_failed());
    using enum file_watch::whereabouts;
    if (const auto found = watch_.look(); found != in_place) {
        refuse(batch, file_watch::describe(found));
        return run_maintenance(found);
    }
    group_->run(batch);
    const auto found = watch_.look();
    if (found != in_place)
        mark_unknown(batch, found);
    note_condition(); // done before the callers resume, so that a caller that got a failure finds that the server is not ready
    resume_all(batch);
    run_maintenance(found);
}

void writer::run_maintenance(file_watch::whereabouts found) {
    if (found == file_watch::whereabouts::in_place)
        group_->run_maintenance();
    else
        group_->admit_reads();
}

void writer::note_condition() {
    switch (group_->state()) {
    case group_commit::condition::good: condition_ = condition::good; break;
    case group_commit::condition::failing: condition_ = condition::failing; break;
    case group_commit::condition::broken:
        condition_ = condition::broken;
        queue_->close(database_failed());
        break;
    }
}

void writer::refuse(waiting_writes& batch, const error& reason) {
    for (const auto& each : batch)
        each->outcome = reason;
    resume_all(batch);
}

} // namespace atrium::storage::sqlite
