#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <events/event.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atrium::events {

/// The person or program that requests an action, and its reason. Both are stored with the action and published in its event.
struct initiator {
    std::string principal = "anonymous";
    std::string reason = {};
    std::string request_id = {};
    std::string traceparent = {};
};

/// A part of the journal for one subscription; all members that are set must match.
struct event_range {
    std::string subscription = {};
    std::optional<event_seq> first = {};   ///< the first event
    std::optional<event_seq> last = {};    ///< the last event
    std::optional<timestamp> since = {};   ///< the lower limit for the event's time, inclusive
    std::optional<timestamp> until = {};   ///< the upper limit for the event's time, exclusive
    std::optional<std::string> topic = {}; ///< a pattern, see topic_pattern
};

using operation_id = id<struct operation_tag>;

enum class bulk_verb {
    retry,
    discard,
    replay,
    resend,
};

enum class bulk_state {
    running, ///< the operation keeps this state while the server is stopped, and continues after the next start
    done,
    cancelled, ///< the changes that were made before the cancellation are kept
};

/// "retry", "discard", ...
[[nodiscard]] std::string_view name_of(bulk_verb verb) noexcept;
/// "running", "done", "cancelled"
[[nodiscard]] std::string_view name_of(bulk_state state) noexcept;

/// An action on many events or dead letters. It works in small batches, between which other writes have priority. Its record is
/// removed once it has ended and `events.retention.age` has passed since it began.
struct bulk_operation {
    operation_id id;
    bulk_verb verb = bulk_verb::retry;
    bulk_state state = bulk_state::running;
    std::string filter;       ///< a JSON object: the members of the filter or range that are set
    std::string replay;       ///< the id of the replay; empty for all other verbs
    std::int64_t matched = 0; ///< number of events or dead letters that the filter matched when the operation began
    std::int64_t done = 0;    ///< number of matches to which the verb was applied
    /// Number of matches to which the verb was not applied, for example dead letters whose event cannot be read or that were
    /// resolved in the meantime, or events that the subscription has not handled yet.
    std::int64_t skipped = 0;
    initiator origin;
    timestamp began;
    std::optional<timestamp> ended;
};

} // namespace atrium::events
