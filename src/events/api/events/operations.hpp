#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/bulk_operation.hpp>
#include <events/dead_letter.hpp>
#include <events/event.hpp>
#include <events/journey.hpp>
#include <events/list_page.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace atrium::events {

/// The queries and actions of a person who operates the server. `durable_bus::operations` returns this object, which lives as
/// long as the bus. Every function can be called on any thread that runs an io_context, and may return `unavailable`. `limit`
/// is from 1 to 1000.
///
/// Each action publishes an event, in the commit that completes the action: `operations.retried`, `.discarded`, `.edited`,
/// `.replayed`, `.resent`, `.paused`, `.resumed`, `.published`.
class operations {
public:
    virtual ~operations() = default;

    // The journal. `durable_bus::feed` follows it.

    /// Events in the given order, beginning with the one that follows `after` in this order, or with the first one if `after`
    /// is empty.
    [[nodiscard]] virtual awaitable<result<list_page<event, event_seq>>>
    list_events(event_filter filter, event_order order, std::optional<event_seq> after, int limit) = 0;

    /// Errors: not_found.
    [[nodiscard]] virtual awaitable<result<journey>> find_event(event_seq seq) = 0;

    /// Publishes an event by hand and returns its seq. The caller has compared the topic and the data with the published
    /// schemas. Errors: invalid (topic, key, priority, or data that is not a JSON object).
    [[nodiscard]] virtual awaitable<result<event_seq>> publish(new_event e, initiator origin) = 0;

    // Subscriptions.

    /// All recorded subscriptions and outlets, by name.
    [[nodiscard]] virtual awaitable<result<std::vector<subscription_state>>> list_subscriptions() = 0;

    /// Errors: not_found.
    [[nodiscard]] virtual awaitable<result<subscription_state>> find_subscription(std::string name) = 0;

    /// Until `resume`, even across restarts, the subscription's handler gets no more events; they wait in the journal. A run of
    /// the handler that has already begun continues to its end. Idempotent. Errors: not_found.
    [[nodiscard]] virtual awaitable<result<>> pause(std::string subscription, initiator origin) = 0;
    [[nodiscard]] virtual awaitable<result<>> resume(std::string subscription, initiator origin) = 0;

    // Dead letters.

    /// Dead letters in the order of the seqs of their events, after the dead letter with the id `after`. Errors: invalid (too
    /// many ids), malformed (`after` is not an id).
    [[nodiscard]] virtual awaitable<result<list_page<dead_letter, std::string>>>
    list_dead_letters(dead_letter_filter filter, std::optional<std::string> after, int limit) = 0;

    /// Errors: not_found.
    [[nodiscard]] virtual awaitable<result<dead_letter>> find_dead_letter(std::string id) = 0;

    /// Groups that have dead letters, by id. Only the members `subscription`, `topic`, `error` and `group` of the filter may be
    /// set (errors: invalid).
    [[nodiscard]] virtual awaitable<result<list_page<failure_group, failure_group_id>>>
    list_failure_groups(dead_letter_filter filter, std::optional<failure_group_id> after, int limit) = 0;

    /// Publishes a corrected event with the topic, key and priority of the dead letter's event. Only the subscription of the
    /// dead letter gets it, after the deliveries that already wait with its key. The dead letter is archived as edited. Returns
    /// the seq of the new event. Errors: not_found, conflict (the event of the dead letter cannot be read or is lost), invalid
    /// (`data` is not a JSON object).
    [[nodiscard]] virtual awaitable<result<event_seq>> edit_dead_letter(std::string id, std::string data, initiator origin) = 0;

    /// Removed dead letters, newest first: those that were removed before the archived letter `after`.
    [[nodiscard]] virtual awaitable<result<list_page<archived_letter, archived_letter_id>>>
    list_archive(std::optional<archived_letter_id> after, int limit) = 0;

    // Actions on many events or dead letters. The function returns when the action is finished, or after about a second if the
    // action takes longer; the action then continues in the background (see `bulk_operation::state`). Events and dead letters
    // that come into existence after the call are not included. The `count_...` functions return exactly how many the action
    // would match, and change nothing.

    [[nodiscard]] virtual awaitable<result<std::int64_t>> count_dead_letters(dead_letter_filter filter) = 0;

    /// Delivers dead letters again with the full number of attempts, each after the deliveries that already wait with its key.
    /// Skips dead letters whose event cannot be read or is lost. Errors: those of `list_dead_letters`.
    [[nodiscard]] virtual awaitable<result<bulk_operation>> retry(dead_letter_filter filter, initiator origin) = 0;

    /// Moves dead letters to the archive. Errors: those of `list_dead_letters`.
    [[nodiscard]] virtual awaitable<result<bulk_operation>> discard(dead_letter_filter filter, initiator origin) = 0;

    [[nodiscard]] virtual awaitable<result<std::int64_t>> count_replay(event_range range) = 0;

    /// Delivers events to the subscription again, if the journal still holds them. Their `event::replay` is `replay` or, if
    /// that is empty, a new UUID. Each event is delivered once for each replay id: a call with the id of an earlier replay does
    /// nothing and returns the operation of that replay. Events that the subscription has not handled yet, or that are dead
    /// letters, are skipped. Errors: not_found (the subscription), conflict (the replay id belongs to another range), invalid
    /// (the id is longer than 100 bytes, or the subscription is an outlet).
    [[nodiscard]] virtual awaitable<result<bulk_operation>> replay(event_range range, std::string replay, initiator origin) = 0;

    [[nodiscard]] virtual awaitable<result<std::int64_t>> count_resend(event_range range) = 0;

    /// Sends events that this process has published, and that the journal still holds, to the queue of the subscription at the
    /// broker again. A receiver that has received an event before ignores it. Errors: not_found (the subscription), conflict
    /// (the adapter has no broker), invalid (the subscription is an outlet).
    [[nodiscard]] virtual awaitable<result<bulk_operation>> resend(event_range range, initiator origin) = 0;

    /// Errors: not_found.
    [[nodiscard]] virtual awaitable<result<bulk_operation>> find_operation(operation_id id) = 0;

    /// Operations, newest first: those that began before the operation `after`.
    [[nodiscard]] virtual awaitable<result<list_page<bulk_operation, operation_id>>>
    list_operations(std::optional<operation_id> after, int limit) = 0;

    /// Stops a running operation after its current batch. Idempotent; does not change a finished operation. Errors: not_found.
    [[nodiscard]] virtual awaitable<result<bulk_operation>> cancel_operation(operation_id id) = 0;
};

} // namespace atrium::events
