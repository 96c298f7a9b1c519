#pragma once

#include "core/journal_tables.hpp"

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <events/dead_letter.hpp>
#include <storage/sql.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// A row of events_failure. A later failure has a higher id.
using failure_id = id<struct failure_tag>;

} // namespace atrium::events

/// All SQL about the failures of deliveries and their groups (migrations/events/0006). Each function works on the transaction
/// or snapshot of the owner `events`.
namespace atrium::events::table {

/// Max number of failures that are kept for one delivery.
inline constexpr int max_failures = 20;

/// Adds a failure, and removes the oldest one of the delivery if it has more than `max_failures`.
failure_id insert_failure(storage::transaction& t, subscription_id subscription, event_seq seq, const delivery_failure& f);
/// The failures of a delivery, oldest first.
[[nodiscard]] std::vector<delivery_failure> failures(storage::snapshot& s, subscription_id subscription, event_seq seq);
/// The newest failure of any delivery of the subscription.
[[nodiscard]] std::optional<delivery_failure> last_failure(storage::snapshot& s, subscription_id subscription);
/// Removes the failures of an event in all subscriptions.
void remove_failures(storage::transaction& t, event_seq seq);
/// Removes the failures of a delivery if the log no longer contains its event. Otherwise they are removed with the event.
void remove_failures_of_lost_event(storage::transaction& t, subscription_id subscription, event_seq seq);

/// Finds or creates the group of an error, and records that the error has occurred at `time`. `masked` is the result of
/// `masked_error`.
failure_group_id note_failure(storage::transaction& t, subscription_id subscription, std::string_view topic,
                              std::string_view masked, timestamp time);

struct failure_group_row {
    failure_group_id id;
    std::string subscription; ///< the name of the subscription; empty if it no longer exists
    std::string topic;
    std::string error;
    timestamp first;
    timestamp last;
};
/// Up to `limit` groups after `after`, by id, whether or not they have dead letters.
[[nodiscard]] std::vector<failure_group_row> failure_groups(storage::snapshot& s, failure_group_id after, int limit);
/// The number of dead letters of a group, counted up to `limit`.
[[nodiscard]] std::int64_t count_group(storage::snapshot& s, failure_group_id group, std::int64_t limit);

/// Removes the groups without dead letters among the next `limit` groups after `after`. Returns the last group that was
/// examined; empty if there is no group after `after`.
[[nodiscard]] std::optional<failure_group_id> remove_empty_groups(storage::transaction& t, failure_group_id after, int limit);

} // namespace atrium::events::table
