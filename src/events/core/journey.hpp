#pragma once

#include "core/journal_tables.hpp"

#include <events/journey.hpp>
#include <storage/sql.hpp>

#include <functional>
#include <optional>

namespace atrium::events {

/// What only the process knows about its subscriptions, because it is not in the journal.
struct process_view {
    bool has_broker = false; ///< events go through a broker
    /// A module of this program declares the subscription, or this process uses the outlet.
    std::function<bool(const std::string& name)> is_claimed;
    std::function<std::optional<double>(subscription_id id)>
        handled_rate; ///< deliveries per second; empty if this process has no runner for it
};

/// Empty if the log does not contain the event. `s` is a snapshot of the owner `events`.
[[nodiscard]] std::optional<journey> find_journey(storage::snapshot& s, const process_view& process, event_seq seq);

/// `now` is the time of day. `s` is a snapshot of the owner `events`.
[[nodiscard]] subscription_state describe_subscription(storage::snapshot& s, const process_view& process,
                                                       const table::subscription_row& row, timestamp now);

} // namespace atrium::events
