#pragma once

#include <base/clock.hpp>
#include <base/ids.hpp>
#include <events/event.hpp>
#include <events/list_page.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace atrium::events {

/// The failed run of a handler.
struct delivery_failure {
    int attempt = 0; ///< 1 for the first run; begins again at 1 after a retry by an operator
    timestamp at;
    std::string error; ///< for a human reader; at most 2,000 bytes
};

/// The id of a failure group: the dead letters of one subscription and topic whose errors differ only in numbers, ids and
/// quoted texts.
using failure_group_id = id<struct failure_group_tag>;

/// A delivery that is no longer attempted, because its handler has failed on every attempt that the retry policy allows, or
/// because its event cannot be read. Later events of its key no longer wait for it. It is kept until an operator retries, edits
/// or discards it, or until the limits of `dead_letter_policy` are exceeded.
struct dead_letter {
    std::string id; ///< opaque; does not change while the event is in the journal
    std::string subscription;
    events::event event;
    int attempts = 0;
    std::string last_error; ///< for a human reader
    timestamp died;         ///< when it became a dead letter
    failure_group_id group;
    std::vector<delivery_failure> failures; ///< the newest 20, oldest first
};

/// Selects dead letters; all members that are set must match. A filter without any member matches all dead letters.
struct dead_letter_filter {
    std::vector<std::string> ids = {}; ///< at most `max_ids`; unknown ids match nothing
    std::optional<std::string> subscription = {};
    std::optional<std::string> topic = {}; ///< a pattern, see topic_pattern
    std::optional<std::string> key = {};
    std::optional<std::string> error = {}; ///< a text that occurs in the error or in the text of its failure group
    std::optional<timestamp> since = {};   ///< the lower limit for the time when it became a dead letter, inclusive
    std::optional<timestamp> until = {};   ///< the upper limit for that time, exclusive
    std::optional<failure_group_id> group = {};

    static constexpr std::size_t max_ids = 1000;

    [[nodiscard]] bool is_empty() const noexcept {
        return ids.empty() && !subscription && !topic && !key && !error && !since && !until && !group;
    }
};

struct failure_group {
    failure_group_id id;
    std::string subscription;
    std::string topic;
    std::string error;    ///< the common error; numbers, ids and quoted texts are replaced by "?"
    capped_count letters; ///< how many dead letters belong to it now
    timestamp first;      ///< when a delivery first became a dead letter with this error
    timestamp last;       ///< when this happened most recently
    std::string example;  ///< the id of the newest dead letter of the group
};

/// How a dead letter was removed.
enum class resolution {
    discarded, ///< by an operator
    edited,    ///< a corrected event was published in its place
    expired,   ///< by the limits of `dead_letter_policy`
};

using archived_letter_id = id<struct archived_letter_tag>;

/// A dead letter that was removed. It is kept for `events.retention.age`.
struct archived_letter {
    archived_letter_id id;
    dead_letter letter; ///< the dead letter before its removal; `group` is not set
    events::resolution resolution = resolution::discarded;
    std::string principal;
    std::string reason;
    timestamp at;                         ///< when it was removed
    std::optional<event_seq> replacement; ///< the corrected event, if the dead letter was edited
};

} // namespace atrium::events
