#pragma once

#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/bus.hpp>
#include <events/settings.hpp>
#include <metrics/registry.hpp>
#include <storage/migration.hpp>
#include <storage/store.hpp>

#include <memory>

namespace atrium::events {

/// The journal's own tables.
[[nodiscard]] const storage::schema& journal_schema();

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

    struct state {
        bool running;
        std::int64_t pending;             ///< deliveries not yet handled, over all subscriptions
        std::int64_t dead;                ///< dead letters
        std::chrono::milliseconds oldest; ///< age of the oldest pending delivery's event
    };
    /// As last seen by the dispatcher: for /readyz. Any thread.
    [[nodiscard]] state current() const;

private:
    struct impl;
    std::unique_ptr<impl> impl_;
};

} // namespace atrium::events
