#pragma once

#include "core/bulk_scan.hpp"
#include "core/journal.hpp"
#include "core/operation_tables.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/error.hpp>
#include <events/bulk_operation.hpp>
#include <storage/store.hpp>

#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace atrium::events {

/// Starts operations and works on them in steps. The journal contains an operation from its start on, and each step changes its
/// deliveries and its cursor in one commit. Therefore an operation continues after a restart, and no step is done twice, on
/// whichever thread it runs.
///
/// Any thread that runs an io_context. It lives until the database is closed.
class bulk_driver {
public:
    /// Sends events of the journal to the queue of a subscription at the broker, and returns how many of them the broker has
    /// confirmed. Leaves out events that have not been sent to the queue before. Errors: `no_broker`, unavailable.
    using resender =
        std::function<awaitable<result<std::int64_t>>(subscription_id subscription, std::vector<event_seq> events)>;

    /// The error of a resend in a process that uses no broker.
    [[nodiscard]] static error no_broker();

    /// `wake_worker` is called, on any thread, when a running operation is left to `bulk_worker`.
    bulk_driver(storage::store journal_store, const clock& time, journal& journal, resender resend,
                std::function<void()> wake_worker);

    /// Counts what a filter matches now, with reads of bounded size.
    [[nodiscard]] awaitable<result<std::int64_t>> count(bulk_verb verb, std::string filter) const;

    struct request {
        bulk_verb verb;
        std::string filter; ///< the filter as JSON
        std::string replay; ///< the id of a replay; otherwise empty
        initiator origin;
    };
    /// Starts an operation, and works on it until it ends or `max_foreground_time` has passed. If the replay id is that of an
    /// earlier operation, returns that operation. Errors: conflict (the replay id belongs to another range), unavailable.
    [[nodiscard]] awaitable<result<bulk_operation>> start(request r);
    static constexpr std::chrono::seconds max_foreground_time{1};

    /// Does the next step of an operation, unless the operation has ended. Returns whether it is still running. Errors:
    /// not_found, and those of `resender`.
    [[nodiscard]] awaitable<result<bool>> step(operation_id id);

    /// Errors: not_found.
    [[nodiscard]] awaitable<result<bulk_operation>> cancel(operation_id id);

    /// Up to `limit` running operations that no caller of `start` is working on.
    [[nodiscard]] awaitable<result<std::vector<operation_id>>> background_operations(int limit) const;

    static constexpr int batch = 200; ///< max number of deliveries that one step changes

private:
    class foreground_work;
    struct match_count {
        std::int64_t bound = 0; ///< see `table::operation_row`
        std::int64_t matched = 0;
    };
    [[nodiscard]] awaitable<result<match_count>> count_matches(bulk_verb verb, const std::string& filter) const;
    [[nodiscard]] result<bulk_operation> insert(storage::transaction& t, const request& r, const match_count& c) const;
    [[nodiscard]] awaitable<> work_in_foreground(bulk_operation& operation);
    [[nodiscard]] awaitable<result<bool>> is_running(operation_id id) const;
    struct work {
        table::operation_row row;
        bulk_scan::step scan;
        subscription_id target = {}; ///< the subscription of a replay or resend
    };
    [[nodiscard]] result<work> find_work(storage::snapshot& s, operation_id id) const;
    [[nodiscard]] bool apply(storage::transaction& t, const work& w, std::int64_t resent);
    [[nodiscard]] bool apply_one(storage::transaction& t, const work& w, const dead_letter_place& place);
    [[nodiscard]] bool retry(storage::transaction& t, const dead_letter_place& place);
    [[nodiscard]] bool replay(storage::transaction& t, const work& w, event_seq seq);
    void end(storage::transaction& t, bulk_operation& o, bulk_state state);

    storage::store store_;
    const clock& time_;
    journal& journal_;
    resender resend_;
    std::function<void()> wake_worker_;
    mutable std::mutex mutex_;
    std::set<operation_id> in_foreground_; ///< the operations that callers of `start` are working on; guarded by the mutex
};

} // namespace atrium::events
