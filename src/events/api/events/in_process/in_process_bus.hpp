#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/bus.hpp>
#include <events/dead_letter.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/migration.hpp>
#include <storage/store.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace atrium::events {

/// The journal's own tables.
[[nodiscard]] const storage::schema& journal_schema();

/// How much waits in the journal.
struct backlog {
    std::int64_t pending = 0;            ///< deliveries not yet handled
    std::int64_t dead = 0;               ///< dead letters
    std::chrono::milliseconds oldest{0}; ///< age of the oldest pending delivery's event
};

/// The bus inside one process: published events become deliveries of the local subscriptions in the publisher's own
/// transaction; a dispatcher on a thread of its own hands them to the handlers. Everything it must remember is in the journal.
///
/// `publish` from any writer function; the rest from the thread that builds the server. Outlives the modules; the database
/// outlives it.
class in_process_bus final : public bus {
public:
    in_process_bus(settings s, storage::store journal, const clock& time, metrics::registry& metrics, logger log);
    ~in_process_bus() override;

    void publish(storage::transaction& t, new_event e) override;
    void subscribe(subscription s, transactional_handler handler) override;
    void subscribe(subscription s, asynchronous_handler handler) override;
    void declare(subscription s) override;

    /// Records the subscriptions and begins to deliver what is pending. The writer must run. Throws where the journal cannot be
    /// read.
    void start();

    /// Takes no new work, lets handlers that run finish until `deadline`, then cancels them; their deliveries stay as they are
    /// and are handed out again after the next start. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

    /// What the journal holds, over all subscriptions; refreshes the gauges at /metrics as well. Any thread that runs an
    /// io_context. Errors: unavailable.
    [[nodiscard]] awaitable<result<backlog>> inspect();

    /// Up to `limit` dead letters of all subscriptions, the oldest first. Errors: unavailable.
    [[nodiscard]] awaitable<result<std::vector<dead_letter>>> dead_letters(int limit);

    /// Delivers a dead letter again, with all its attempts before it; it comes after those of its key that were handled
    /// meanwhile. Errors: not_found (no such dead letter), unavailable.
    [[nodiscard]] awaitable<result<>> retry(std::string subscription, std::int64_t seq);

    /// Removes a dead letter for good. Errors: not_found, unavailable.
    [[nodiscard]] awaitable<result<>> discard(std::string subscription, std::int64_t seq);

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::events
