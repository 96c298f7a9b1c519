#pragma once

#include <base/clock.hpp>
#include <events/bus.hpp>
#include <events/feed.hpp>
#include <events/operations.hpp>
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

/// How many deliveries wait in the journal. A large backlog may have been counted up to ten seconds ago; while the database
/// holds back reads, the count may be older.
struct backlog {
    std::int64_t pending = 0;   ///< deliveries not yet handled, including those to the broker
    std::int64_t dead = 0;      ///< dead letters
    std::int64_t scheduled = 0; ///< events that are not due yet and have no deliveries
    /// How long the oldest pending event has waited: since it was published or, if it was scheduled, since it became due.
    std::chrono::milliseconds oldest{0};
    /// One sentence for each pair of a publisher and a subscription, if the broker has dropped events of this publisher that
    /// this subscription has not received again yet.
    std::vector<std::string> gaps;
};

/// The state of a queue that is shared with a plain AMQP program.
struct bridge_state {
    std::string queue;
    bool connected = false;
    std::string trouble; ///< what is wrong and how to fix it; empty while it is connected
};

/// The state of an adapter's connections to its broker.
struct broker_state {
    std::string url; ///< without the password
    /// Since when all connections except those of bridges are up. Empty while one of these connections is down; requests still
    /// work in the meantime, and events wait in the journal.
    std::optional<timestamp> connected_since;
    std::uint64_t reconnects = 0;
    std::size_t unconfirmed = 0;      ///< messages sent but not confirmed
    std::size_t unacknowledged = 0;   ///< messages received but not stored yet
    std::uint64_t returned = 0;       ///< messages that were not routed to any queue
    std::uint64_t redelivered = 0;    ///< messages that were received again
    std::string blocked;              ///< why the broker accepts no messages at the moment; otherwise empty
    std::string trouble;              ///< what is wrong and how to fix it; empty while `connected_since` is set
    std::vector<std::string> standby; ///< subscriptions that another process handles at the moment
    /// Queues in which the broker drops messages that were delivered too often. They are replaced while the process that
    /// consumes from them is running.
    std::vector<std::string> limited_queues;
    std::vector<bridge_state> bridges;
    bool drained = false; ///< publishing has stopped; the next start may use another adapter
};

/// A bus on a journal, with the functions that the composition root and operators need. Everything that must survive a restart
/// is in the journal. A dispatcher on a thread of its own hands deliveries to the handlers.
///
/// Call `publish` only in functions that run on the writer, and `start` and `stop` on the thread that creates the server. The
/// bus outlives the modules, and the database outlives the bus.
class durable_bus : public bus {
public:
    /// Records the subscriptions and begins to handle pending deliveries. The writer must be running. Throws `start_error`.
    virtual void start() = 0;

    /// Announces a stop: a running drain ends with an error, so that the client that requested it gets a response. Any thread;
    /// idempotent.
    virtual void begin_stop() noexcept {}

    /// Takes no new work, lets running handlers finish until `deadline`, then cancels them. The deliveries of cancelled
    /// handlers are kept and handled after the next start. Idempotent.
    virtual void stop(std::chrono::steady_clock::time_point deadline) = 0;

    /// "in-process", "rabbitmq".
    [[nodiscard]] virtual std::string_view adapter() const noexcept = 0;

    /// Empty if the adapter has no broker. Any thread.
    [[nodiscard]] virtual std::optional<broker_state> broker() const { return std::nullopt; }

    /// Drains this process's messages from the broker, so that another adapter can take over. During the drain, no event is
    /// sent to the broker, and events wait in the journal. The call succeeds once the queues of this process are empty and the
    /// journal has recorded this. After a success, no event is sent until the next start. If the drain fails, sending resumes.
    /// Any thread that runs an io_context. Errors: unavailable (the broker cannot be reached, or another drain is running; try
    /// again).
    [[nodiscard]] virtual awaitable<result<>> drain() = 0;

    /// The journal as a stream, for followers.
    [[nodiscard]] virtual events::feed& feed() noexcept = 0;

    /// Counts the deliveries of all subscriptions, and refreshes the gauges at /metrics as well; see `backlog` for the age of
    /// the count. Any thread that runs an io_context. Errors: unavailable.
    [[nodiscard]] virtual awaitable<result<backlog>> inspect() = 0;

    /// The queries and actions of operators.
    [[nodiscard]] virtual events::operations& operations() noexcept = 0;
};

/// The reason why a bus cannot start. Its text is meant for the person that starts the server, and includes what to do.
class start_error : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace atrium::events
