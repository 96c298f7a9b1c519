#pragma once

#include "core/journal_tables.hpp"

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// The number of an event among those that one publisher sends to one subscription: 1, 2, 3, ... without a gap.
using delivery_number = id<struct delivery_number_tag>;

/// The numbers from `first` to `last`.
struct number_range {
    delivery_number first;
    delivery_number last;
    auto operator<=>(const number_range&) const = default;

    [[nodiscard]] std::int64_t size() const noexcept { return last.value - first.value + 1; }
};

} // namespace atrium::events

/// All SQL about delivery numbers (migrations/events/0004). Each function works on the transaction or snapshot of the
/// owner `events`.
namespace atrium::events::table {

/// The ids that identify this database to other processes.
struct identity_row {
    std::string receiver;
    std::string publisher;        ///< empty in a backup until a server starts with it
    std::string former_publisher; ///< empty unless `publisher` has been renewed
};
[[nodiscard]] std::optional<identity_row> find_identity(storage::snapshot& s);
void set_identity(storage::transaction& t, const identity_row& identity);

// Published events.

/// Assigns the next number of the subscription to the event. For an event that was scheduled, `sent_after` is the last seq of
/// the log at this moment; otherwise it is empty.
void insert_sent_number(storage::transaction& t, subscription_id subscription, event_seq seq,
                        std::optional<event_seq> sent_after = {});
struct sent_number_row {
    subscription_id subscription;
    delivery_number number;
};
/// The numbers of one event, one for each subscription that receives it.
[[nodiscard]] std::vector<sent_number_row> sent_numbers(storage::snapshot& s, event_seq seq);
/// The number that will be assigned to the next event of the subscription.
[[nodiscard]] delivery_number next_sent_number(storage::snapshot& s, subscription_id subscription);
/// The lowest number whose event still waits at `outlet`, or the next number to assign if none waits: the broker has confirmed
/// all lower numbers.
[[nodiscard]] delivery_number first_unconfirmed(storage::snapshot& s, subscription_id subscription, subscription_id outlet);
/// The first recorded number of the subscription that is not lower than `number`, and its event.
struct recorded_number {
    delivery_number number;
    event_seq seq;
    event_seq position; ///< increases with the number: the seq of the event or, if it was scheduled, `sent_after`
};
[[nodiscard]] std::optional<recorded_number> find_sent_number(storage::snapshot& s, subscription_id subscription,
                                                              delivery_number number);
/// Removes the numbers of an event that is no longer in the log. The highest number of each subscription is kept, because the
/// next one is derived from it.
void remove_sent_numbers(storage::transaction& t, event_seq seq);
/// Removes all numbers and the record of their receivers.
void clear_sent_numbers(storage::transaction& t);

/// The database that receives the events of a subscription.
struct receiver_row {
    std::string receiver;
    delivery_number since; ///< the first number that this database receives
};
[[nodiscard]] std::optional<receiver_row> find_receiver(storage::snapshot& s, subscription_id subscription);
void set_receiver(storage::transaction& t, subscription_id subscription, const receiver_row& row);

// Received events.

/// Whether the subscription was recorded by a version that counts delivery numbers.
[[nodiscard]] bool is_numbered(storage::snapshot& s, subscription_id subscription);
struct received_number_row {
    std::string publisher;
    delivery_number next;                 ///< higher than all numbers that have arrived
    std::optional<delivery_number> since; ///< lower numbers are not meant for this database; empty before the first report
};
[[nodiscard]] std::vector<received_number_row> received_numbers(storage::snapshot& s, subscription_id subscription);
[[nodiscard]] std::optional<received_number_row> find_received_number(storage::snapshot& s, subscription_id subscription,
                                                                      std::string_view publisher);
void set_received_number(storage::transaction& t, subscription_id subscription, const received_number_row& row);
void remove_received_number(storage::transaction& t, subscription_id subscription, std::string_view publisher);

/// A range of delivery numbers that have not arrived.
struct missing_row {
    number_range range;
    std::optional<timestamp> noticed; ///< when it became certain that the broker has dropped them
};
/// The first `limit` ranges that overlap `within`, in order.
[[nodiscard]] std::vector<missing_row> missing_numbers(storage::snapshot& s, subscription_id subscription,
                                                       std::string_view publisher, number_range within, int limit);
void insert_missing(storage::transaction& t, subscription_id subscription, std::string_view publisher, const missing_row& row);
/// Removes the range that begins with `first`.
void remove_missing(storage::transaction& t, subscription_id subscription, std::string_view publisher, delivery_number first);

/// How many events of one publisher the broker has dropped for one subscription, without those that have arrived again.
struct gap_row {
    std::string subscription;
    std::string publisher;
    std::int64_t events;
    timestamp noticed; ///< when the first of them was noticed
};
[[nodiscard]] std::vector<gap_row> gaps(storage::snapshot& s);

} // namespace atrium::events::table
