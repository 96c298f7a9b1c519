#pragma once

#include <base/clock.hpp>
#include <events/bus.hpp>
#include <events/dead_letter.hpp>
#include <events/feed.hpp>
#include <storage/migration.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// The journal's own tables.
[[nodiscard]] const storage::schema& journal_schema();

/// How much waits in the journal. A large backlog may have been counted up to ten seconds ago, and any while the database held
/// reads back.
struct backlog {
    std::int64_t pending = 0;            ///< deliveries not yet handled, those to the broker included
    std::int64_t dead = 0;               ///< dead letters
    std::chrono::milliseconds oldest{0}; ///< age of the oldest pending delivery's event
    std::vector<std::string> gaps; ///< a sentence about each group of events that a broker has dropped and that are asked for
};

/// A queue that is shared with a plain AMQP program, and how it stands.
struct bridge_state {
    std::string queue;
    bool connected = false;
    std::string trouble; ///< while it is not connected: what is wrong and what to do
};

/// How an adapter stands with its broker.
struct broker_state {
    std::string url; ///< without the password
    /// All connections but those of bridges; empty while one is missing: events wait, requests go on.
    std::optional<timestamp> connected_since;
    std::uint64_t reconnects = 0;
    std::size_t unconfirmed = 0;      ///< messages sent, and not confirmed
    std::size_t unacknowledged = 0;   ///< messages received, and not stored yet
    std::uint64_t returned = 0;       ///< messages that no queue took
    std::uint64_t redelivered = 0;    ///< messages that came again
    std::string blocked;              ///< why the broker takes nothing at the moment; empty while it does
    std::string trouble;              ///< while it is away: what is wrong and what to do
    std::vector<std::string> standby; ///< subscriptions that another process handles at the moment
    /// Queues in which the broker drops messages that were delivered too often. They are being replaced, if the process that
    /// consumes from them runs.
    std::vector<std::string> limited_queues;
    std::vector<bridge_state> bridges;
    bool drained = false; ///< nothing is sent any more: the next start may be with another adapter
};

/// A bus on a journal, as the one who builds the server and the one who operates it see it. Everything it must remember is in
/// the journal; a dispatcher on a thread of its own hands deliveries to the handlers.
///
/// `publish` from any writer function, `start` and `stop` on the thread that builds the server. Outlives the modules; the
/// database outlives it.
class durable_bus : public bus {
public:
    /// Records the subscriptions and begins to deliver what is pending. The writer must run. Throws `start_error`.
    virtual void start() = 0;

    /// A stop is near: a drain that waits for the broker gives up, so that its request is answered. Any thread; idempotent.
    virtual void begin_stop() noexcept {}

    /// Takes no new work, lets handlers that run finish until `deadline`, then cancels them; their deliveries stay as they are
    /// and are handed out again after the next start. Idempotent.
    virtual void stop(std::chrono::steady_clock::time_point deadline) = 0;

    /// "in-process", "rabbitmq".
    [[nodiscard]] virtual std::string_view adapter() const noexcept = 0;

    /// Empty where there is no broker. Any thread.
    [[nodiscard]] virtual std::optional<broker_state> broker() const { return std::nullopt; }

    /// Brings home what is at the broker, so that another adapter can take over: nothing goes out any more (it waits in the
    /// journal), and the answer comes when the queues of this process are empty and that is recorded. Holds until the next
    /// start. Where it fails, events go out as before. Any thread that runs an io_context. Errors: unavailable (the broker is
    /// away, or another drain is under way; ask again).
    [[nodiscard]] virtual awaitable<result<>> drain() = 0;

    /// The journal as a stream, for those who watch.
    [[nodiscard]] virtual events::feed& feed() noexcept = 0;

    /// What the journal holds, over all subscriptions; refreshes the gauges at /metrics as well. Any thread that runs an
    /// io_context. Errors: unavailable.
    [[nodiscard]] virtual awaitable<result<backlog>> inspect() = 0;

    /// Up to `limit` dead letters of all subscriptions, the oldest first. Errors: unavailable.
    [[nodiscard]] virtual awaitable<result<std::vector<dead_letter>>> dead_letters(int limit) = 0;

    /// Delivers a dead letter again, with all its attempts before it; it comes after those of its key that wait already.
    /// Errors: not_found (no such dead letter), conflict (it is a message from a broker that is no event), unavailable.
    [[nodiscard]] virtual awaitable<result<>> retry(std::string subscription, event_seq seq) = 0;

    /// Removes a dead letter for good. Errors: not_found, unavailable.
    [[nodiscard]] virtual awaitable<result<>> discard(std::string subscription, event_seq seq) = 0;
};

/// Why a bus cannot start; its text is for the person who started the server and says what to do.
class start_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace atrium::events
