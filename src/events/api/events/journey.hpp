#pragma once

#include <base/clock.hpp>
#include <events/dead_letter.hpp>
#include <events/event.hpp>
#include <events/list_page.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// Selects events of the journal; all members that are set must match.
struct event_filter {
    std::optional<std::string> topic = {}; ///< a pattern, see topic_pattern
    std::optional<std::string> key = {};
    std::optional<timestamp> since = {};   ///< the lower limit for the event's time, inclusive
    std::optional<timestamp> until = {};   ///< the upper limit for the event's time, exclusive
    std::optional<std::string> trace = {}; ///< the trace id in the event's traceparent: 32 lower-case hexadecimal digits
};

enum class event_order {
    oldest_first,
    newest_first,
};

/// The progress of a subscription with an event.
enum class delivery_state {
    scheduled, ///< is not due yet
    handled,   ///< was handled or, if the subscription is an outlet, was sent to the broker
    queued,    ///< waits for an earlier event of its key
    ready,     ///< is handled as soon as its handler is free
    backoff,   ///< has failed and waits for its next attempt
    dead,      ///< is a dead letter
    discarded, ///< was a dead letter that was discarded or edited, or that was removed because of a limit
    at_broker, ///< was sent to a broker; either it has not come back yet, or another process handles it
};

/// "handled", "queued", ...
[[nodiscard]] std::string_view name_of(delivery_state state) noexcept;

/// What has happened to an event in one subscription.
struct delivery_journey {
    std::string subscription;
    delivery_state state = delivery_state::handled;
    capped_count position;                     ///< how many pending deliveries of its key are before it; 0 unless it is queued
    int attempts = 0;                          ///< failed runs; begins again at 0 after a retry by an operator
    std::optional<timestamp> due;              ///< when a scheduled event is due, or when a backoff ends
    std::string replay;                        ///< the id of the replay, if the delivery belongs to one
    std::string dead_letter;                   ///< the id of the dead letter, if it is dead
    std::optional<archived_letter_id> archive; ///< the id of the archived letter, if it is discarded
    std::vector<delivery_failure>
        failures; ///< the newest 20 failed runs, oldest first; kept after the delivery has been handled
};

/// An event, its cause, and the progress of each subscription with it.
struct journey {
    events::event event;
    std::string request_id;                   ///< the id of the request that caused it; empty if it is not known
    std::string edited_from;                  ///< the id of the dead letter that this event corrects; otherwise empty
    std::vector<delivery_journey> deliveries; ///< the subscriptions whose topics match, and outlets
};

/// A recorded subscription, or an outlet to a broker ("events.relay", "events.bridge_NAME").
struct subscription_state {
    std::string name;
    std::vector<std::string> topics;
    capped_count pending; ///< queued, ready and in backoff
    capped_count ready;
    capped_count backoff;
    capped_count dead;
    std::chrono::milliseconds oldest{0}; ///< how long the oldest pending event has waited since it was published or due
    double rate = 0;                     ///< deliveries handled by this process per second, averaged over the last minute
    std::string last_error;              ///< the error of the last failed run of its handler; empty if there is none
    std::optional<timestamp> last_failure;
    bool paused = false;
    /// A module of this program declares this subscription, or this process uses this outlet. Otherwise its events accumulate.
    bool claimed = false;
    bool active = false; ///< this process has the handler or outlet; also true while the subscription is paused
};

} // namespace atrium::events
