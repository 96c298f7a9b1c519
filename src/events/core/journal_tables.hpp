#pragma once

#include <base/clock.hpp>
#include <events/dead_letter.hpp>
#include <events/event.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// All SQL of the journal (migrations/events). Each function works on the transaction or snapshot of an owner `events`.
namespace atrium::events::table {

struct subscription_row {
    std::int64_t id;
    std::string name;
    std::string topics; ///< patterns, divided by blanks
    std::int64_t began; ///< it gets the events after this seq
};

/// An event on its way to one subscription.
struct delivery_row {
    events::event event;
    std::int64_t place = 0;
    int attempts = 0; ///< runs that failed so far
};

// The log.
[[nodiscard]] std::int64_t insert_event(storage::transaction& t, const event& e);
[[nodiscard]] std::int64_t last_seq(storage::snapshot& s);
/// The last event's; empty if the log is.
[[nodiscard]] std::optional<timestamp> last_time(storage::snapshot& s);
/// Up to `limit` events after `seq`, in order.
[[nodiscard]] std::vector<event> events_after(storage::snapshot& s, std::int64_t seq, int limit);
/// As far as the log holds it.
[[nodiscard]] std::optional<event> find_event(storage::snapshot& s, std::string_view id);
[[nodiscard]] std::optional<event> find_event(storage::snapshot& s, std::int64_t seq);
/// What is old: events from before `before` up to `last_old`, and all but the newest `count`.
struct age_limit {
    timestamp before;
    std::int64_t last_old;
    std::int64_t count;
};
/// One step through the old end of the log: looks at up to `limit` events after `seq`, and removes those that are old, unless a
/// delivery needs them. The last one stays: it marks where the log has got to.
struct sweep {
    std::int64_t reached = 0; ///< the last event that it looked at
    std::int64_t removed = 0;
    bool more = false; ///< there may be further old events after `reached`
};
[[nodiscard]] sweep remove_old_events(storage::transaction& t, std::int64_t seq, const age_limit& old, int limit);

// Subscriptions.
[[nodiscard]] std::vector<subscription_row> subscriptions(storage::snapshot& s);
[[nodiscard]] std::int64_t insert_subscription(storage::transaction& t, std::string_view name, std::string_view topics,
                                               std::int64_t began);
void rename_subscription(storage::transaction& t, std::int64_t id, std::string_view name);
void set_topics(storage::transaction& t, std::int64_t id, std::string_view topics);

// Topics that a subscription names no more and that may still be bound at the broker.
/// Any number of times.
void insert_stale_topic(storage::transaction& t, std::int64_t subscription, std::string_view topic);
void remove_stale_topic(storage::transaction& t, std::int64_t subscription, std::string_view topic);
[[nodiscard]] std::vector<std::string> stale_topics(storage::snapshot& s, std::int64_t subscription);

// Deliveries.
/// The highest place that any delivery has.
[[nodiscard]] std::int64_t last_place(storage::snapshot& s);
/// Behind what its key still has pending for this subscription, else ready at once.
void insert_delivery(storage::transaction& t, std::int64_t subscription, const event& e, std::int64_t place);
/// Heads of their keys, the most urgent first.
[[nodiscard]] std::vector<delivery_row> ready(storage::snapshot& s, std::int64_t subscription, int limit);
/// All that is pending, of all keys, in the order of their places.
[[nodiscard]] std::vector<std::int64_t> pending_seqs(storage::snapshot& s, std::int64_t subscription);
/// Heads of their keys as `ready`, by their seq alone.
[[nodiscard]] std::vector<std::int64_t> ready_seqs(storage::snapshot& s, std::int64_t subscription, int limit);
[[nodiscard]] bool has_pending(storage::snapshot& s, std::int64_t subscription);
[[nodiscard]] bool has_delivery(storage::snapshot& s, std::int64_t subscription, std::int64_t seq);
/// What is queued behind `place` on its key, in order.
[[nodiscard]] std::vector<delivery_row> queued_after(storage::snapshot& s, std::int64_t subscription, std::string_view key,
                                                     std::int64_t place, int limit);
/// False where the delivery is gone already.
[[nodiscard]] bool remove_delivery(storage::transaction& t, std::int64_t subscription, std::int64_t seq);
/// Makes the next delivery of a key ready, after its head was removed or has died.
void promote(storage::transaction& t, std::int64_t subscription, std::string_view key);
void back_off(storage::transaction& t, std::int64_t subscription, std::int64_t seq, int attempts, timestamp due,
              std::string_view error);
void bury(storage::transaction& t, std::int64_t subscription, std::int64_t seq, int attempts, std::string_view error);
/// Makes ready what has waited long enough.
void end_backoff(storage::transaction& t, std::int64_t subscription, timestamp now);
/// A delivery that waits for another attempt.
struct backoff_row {
    std::int64_t seq;
    int attempts;
    timestamp due;
};
/// Those whose wait ends after `moment`.
[[nodiscard]] std::vector<backoff_row> backoffs_after(storage::snapshot& s, std::int64_t subscription, timestamp moment);
void set_due(storage::transaction& t, std::int64_t subscription, std::int64_t seq, timestamp due);
/// When the next backoff ends; empty where none runs.
[[nodiscard]] std::optional<timestamp> next_due(storage::snapshot& s, std::int64_t subscription);

// Dead letters.
[[nodiscard]] std::vector<dead_letter> dead_letters(storage::snapshot& s, int limit);
/// The id of the subscription that has this dead letter.
[[nodiscard]] std::optional<std::int64_t> find_dead_letter(storage::snapshot& s, std::string_view subscription,
                                                           std::int64_t seq);
/// At the end of the line, as if it had never been tried.
void revive(storage::transaction& t, std::int64_t subscription, std::int64_t seq, std::int64_t place);

// What came from the broker.
/// False where that subscription has it already.
[[nodiscard]] bool insert_received(storage::transaction& t, std::int64_t subscription, std::string_view id, timestamp now);
/// How many it removed, at the most `limit`.
std::int64_t remove_old_received(storage::transaction& t, timestamp before, int limit);

/// The adapter that ran last.
struct adapter_row {
    std::string name;
    bool drained;
};
[[nodiscard]] std::optional<adapter_row> last_adapter(storage::snapshot& s);
void set_adapter(storage::transaction& t, std::string_view name, bool drained);

/// Pending and dead deliveries of one subscription.
struct counts {
    std::int64_t pending = 0;
    std::int64_t dead = 0;
    std::optional<timestamp> oldest; ///< time of the oldest pending event
};
[[nodiscard]] counts count(storage::snapshot& s, std::int64_t subscription);

} // namespace atrium::events::table
