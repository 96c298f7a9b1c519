#pragma once

#include <base/clock.hpp>
#include <events/event.hpp>
#include <events/journey.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// A row of events_subscription: a subscription of a module, or an outlet.
using subscription_id = id<struct subscription_tag>;

/// A number that orders the deliveries of one key by the time at which they were created.
using delivery_place = id<struct delivery_place_tag>;

} // namespace atrium::events

/// All SQL of the journal (migrations/events). Each function needs a transaction or snapshot in which the owner is `events`.
namespace atrium::events::table {

struct subscription_row {
    subscription_id id;
    std::string name;
    std::string topics; ///< patterns, separated by blanks
    event_seq began;    ///< the subscription receives the events after this seq
    bool is_paused = false;
};

/// An event on its way to one subscription.
struct delivery_row {
    events::event event;
    delivery_place place = {};
    int attempts = 0;           ///< runs that failed so far
    bool is_event_lost = false; ///< the log no longer has its event: only the seq, key and priority of `event` are set
};

/// Why a delivery without its event cannot be handled.
inline constexpr std::string_view lost_event_reason =
    "the journal does not hold its event any more: the database was modified or is damaged";

/// Reads the columns `seq, id, source, topic, key, priority, time, traceparent, data` from column `first` on.
[[nodiscard]] event read_event(const storage::cursor& row, int first = 0);

// The log.
/// `request_id` may be empty.
[[nodiscard]] event_seq insert_event(storage::transaction& t, const event& e, std::string_view request_id);
/// Marks an event as the correction of the dead letter with this id; only the subscription of the dead letter gets it.
void set_edited_from(storage::transaction& t, event_seq seq, std::string_view dead_letter_id);
/// What the log contains about an event in addition to the event itself.
struct event_origin {
    std::string request_id;
    std::string edited_from;
};
/// Empty if the log does not contain the event.
[[nodiscard]] std::optional<event_origin> find_origin(storage::snapshot& s, event_seq seq);
[[nodiscard]] event_seq last_seq(storage::snapshot& s);
/// The time of the last event; empty if the log is empty.
[[nodiscard]] std::optional<timestamp> last_time(storage::snapshot& s);
/// Up to `limit` events after `seq`, in order.
[[nodiscard]] std::vector<event> events_after(storage::snapshot& s, event_seq seq, int limit);
/// The fields of an event with which filters are compared. The views are valid only during the call of `visit`.
struct event_head {
    event_seq seq;
    std::string_view topic;
    std::string_view key;
    timestamp time;
    std::string_view traceparent;
};
/// Calls `visit` with up to `limit` events from `first` to `last`, in order or in reverse order, for as long as it returns
/// true.
void for_each_event(storage::snapshot& s, event_seq first, event_seq last, bool is_reverse, int limit,
                    const std::function<bool(const event_head&)>& visit);
/// Calls `visit` with the events after `seq`, up to `last`, in order, for as long as it returns true.
void for_each_topic(storage::snapshot& s, event_seq seq, event_seq last,
                    const std::function<bool(event_seq, std::string_view topic)>& visit);
/// Empty if the log does not contain the event.
[[nodiscard]] std::optional<event> find_event(storage::snapshot& s, std::string_view id);
[[nodiscard]] std::optional<event> find_event(storage::snapshot& s, event_seq seq);
/// The topic of an event; empty if the log does not contain it.
[[nodiscard]] std::optional<std::string> find_topic(storage::snapshot& s, event_seq seq);
/// Defines which events are old. An event is old if it is not among the newest `count`. It is also old if its time is earlier
/// than `before` and its seq is at most `last_old`.
struct age_limit {
    timestamp before;
    event_seq last_old;
    std::int64_t count;
};
/// The result of one step of a sweep through the log. A step examines up to `limit` events after `seq`, and removes old events
/// that no delivery needs and that are not waiting for their due time. The newest event is always kept, because it records the
/// last seq that was assigned.
struct sweep {
    event_seq reached = {}; ///< the last event that was examined
    std::int64_t removed = 0;
    bool more = false; ///< there may be further old events after `reached`
};
[[nodiscard]] sweep remove_old_events(storage::transaction& t, event_seq seq, const age_limit& old, int limit);

// Subscriptions.
[[nodiscard]] std::vector<subscription_row> subscriptions(storage::snapshot& s);
[[nodiscard]] std::optional<subscription_row> find_subscription(storage::snapshot& s, std::string_view name);
/// Returns false if the subscription was in this state already.
bool set_paused(storage::transaction& t, subscription_id id, bool paused);
[[nodiscard]] bool is_paused(storage::snapshot& s, subscription_id id);
[[nodiscard]] subscription_id insert_subscription(storage::transaction& t, std::string_view name, std::string_view topics,
                                                  event_seq began);
void rename_subscription(storage::transaction& t, subscription_id id, std::string_view name);
void set_topics(storage::transaction& t, subscription_id id, std::string_view topics);

// Topics that a subscription no longer lists and that may still be bound at the broker.
/// Idempotent.
void insert_stale_topic(storage::transaction& t, subscription_id subscription, std::string_view topic);
void remove_stale_topic(storage::transaction& t, subscription_id subscription, std::string_view topic);
[[nodiscard]] std::vector<std::string> stale_topics(storage::snapshot& s, subscription_id subscription);

// Deliveries.
/// The highest place that any delivery has.
[[nodiscard]] delivery_place last_place(storage::snapshot& s);
/// Adds a delivery. If the subscription has pending deliveries of the same key, it is queued after these; otherwise it is ready
/// immediately.
void insert_delivery(storage::transaction& t, subscription_id subscription, const event& e, delivery_place place);
/// Like `insert_delivery`, for an event that was handled before. `replay` is the id of the replay.
void insert_replay(storage::transaction& t, subscription_id subscription, const event& e, delivery_place place,
                   std::string_view replay);
/// The deliveries that can be handled now, at most one for each key. Deliveries with a higher priority come first. Deliveries
/// with the same priority are in the order of their places.
[[nodiscard]] std::vector<delivery_row> ready_deliveries(storage::snapshot& s, subscription_id subscription, int limit);
/// The seqs of all pending deliveries, of all keys, in the order of their places.
[[nodiscard]] std::vector<event_seq> pending_seqs(storage::snapshot& s, subscription_id subscription);
/// Like `ready_deliveries`, but returns only the seqs.
[[nodiscard]] std::vector<event_seq> ready_seqs(storage::snapshot& s, subscription_id subscription, int limit);
[[nodiscard]] std::string key_of_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq);
/// A delivery that is not handled yet, or a dead letter.
struct waiting_delivery {
    delivery_state state;
    delivery_place place;
    int attempts;
    std::optional<timestamp> due;
    std::string replay;
};
[[nodiscard]] std::optional<waiting_delivery> find_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq);
/// The number of pending deliveries of a key before `place`, counted up to `limit`.
[[nodiscard]] std::int64_t count_before(storage::snapshot& s, subscription_id subscription, std::string_view key,
                                        delivery_place place, std::int64_t limit);
[[nodiscard]] bool has_pending(storage::snapshot& s, subscription_id subscription);
[[nodiscard]] bool has_delivery(storage::snapshot& s, subscription_id subscription, event_seq seq);
/// The deliveries of this key that are queued after `place`, in order.
[[nodiscard]] std::vector<delivery_row> queued_deliveries_after(storage::snapshot& s, subscription_id subscription,
                                                                std::string_view key, delivery_place place, int limit);
/// Returns false if the delivery does not exist any more.
[[nodiscard]] bool remove_delivery(storage::transaction& t, subscription_id subscription, event_seq seq);
/// Makes the next delivery of a key ready, after the first one was removed or became a dead letter.
void promote(storage::transaction& t, subscription_id subscription, std::string_view key);
/// `error` is a result of `storable_error`.
void back_off(storage::transaction& t, subscription_id subscription, event_seq seq, int attempts, timestamp due,
              std::string_view error);
/// Ends the backoffs that are due by `now`: makes their deliveries ready.
void end_backoff(storage::transaction& t, subscription_id subscription, timestamp now);
/// A delivery that waits for another attempt.
struct backoff_row {
    event_seq seq;
    int attempts;
    timestamp due;
};
/// The deliveries whose wait ends after `moment`.
[[nodiscard]] std::vector<backoff_row> backoffs_after(storage::snapshot& s, subscription_id subscription, timestamp moment);
void set_due(storage::transaction& t, subscription_id subscription, event_seq seq, timestamp due);
/// When the next backoff ends; empty if there is none.
[[nodiscard]] std::optional<timestamp> next_due(storage::snapshot& s, subscription_id subscription);

// Events that are not due yet.
void insert_scheduled(storage::transaction& t, event_seq seq, timestamp due);
void remove_scheduled(storage::transaction& t, event_seq seq);
/// When the event is due; empty if it is not scheduled, or was delivered already.
[[nodiscard]] std::optional<timestamp> find_scheduled(storage::snapshot& s, event_seq seq);
/// The scheduled events from `first` to `last` that were not delivered yet.
[[nodiscard]] std::vector<event_seq> scheduled_seqs(storage::snapshot& s, event_seq first, event_seq last);
/// Up to `limit` events that are due by `now`, in the order of due time and seq.
[[nodiscard]] std::vector<event_seq> due_seqs(storage::snapshot& s, timestamp now, int limit);
/// When the next event is due; empty if none is scheduled.
[[nodiscard]] std::optional<timestamp> next_scheduled(storage::snapshot& s);
[[nodiscard]] std::int64_t count_scheduled(storage::snapshot& s);

// Events received from the broker.
[[nodiscard]] bool has_received(storage::snapshot& s, subscription_id subscription, std::string_view id);
/// Records the id of a received event. Returns false if the subscription has received it before.
[[nodiscard]] bool insert_received(storage::transaction& t, subscription_id subscription, std::string_view id, timestamp now);
/// Removes up to `limit` ids that were received before `cutoff`, and returns their number.
std::int64_t remove_old_received(storage::transaction& t, timestamp cutoff, int limit);

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
    std::optional<timestamp> oldest = {}; ///< when the oldest pending event was published or, if it was scheduled, became due
};
[[nodiscard]] counts count(storage::snapshot& s, subscription_id subscription);
[[nodiscard]] std::int64_t count_dead_letters_of(storage::snapshot& s, subscription_id subscription);
/// Returns `counts::oldest` of a subscription. `known` contains how many of its deliveries are pending and dead.
[[nodiscard]] std::optional<timestamp> oldest_pending(storage::snapshot& s, subscription_id subscription, const counts& known);
/// Deliveries of one subscription by state, each counted up to `limit`.
struct capped_counts {
    std::int64_t pending;
    std::int64_t ready;
    std::int64_t backoff;
    std::int64_t dead;
};
[[nodiscard]] capped_counts count_capped(storage::snapshot& s, subscription_id subscription, std::int64_t limit);

} // namespace atrium::events::table
