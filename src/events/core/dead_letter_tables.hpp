#pragma once

#include "core/failure_tables.hpp"
#include "core/journal_tables.hpp"

#include <base/clock.hpp>
#include <events/dead_letter.hpp>
#include <storage/sql.hpp>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::events {

/// Identifies a dead letter in the tables. Dead letters are listed in the order of their places.
struct dead_letter_place {
    event_seq seq;
    subscription_id subscription;
    auto operator<=>(const dead_letter_place&) const = default;
};

/// Returns the `dead_letter::id` of a place: "3-1042" for the subscription 3 and the seq 1042.
[[nodiscard]] std::string to_dead_letter_id(const dead_letter_place& place);
/// Empty if `text` is not an id.
[[nodiscard]] std::optional<dead_letter_place> parse_dead_letter_id(std::string_view text);

} // namespace atrium::events

/// All SQL about dead letters and their archive (migrations/events/0006). Each function works on the transaction or snapshot of
/// the owner `events`.
namespace atrium::events::table {

/// The last failure of a delivery, which makes the delivery a dead letter.
struct death {
    dead_letter_place place;
    std::string_view topic; ///< empty if the log does not hold the event
    int attempts;
    std::string_view error;
    timestamp at;
};
/// Makes a delivery a dead letter, and records its last failure and the group of its error.
void make_dead_letter(storage::transaction& t, const death& d);

/// The values of a dead letter that filters compare.
struct dead_letter_row {
    dead_letter_place place;
    std::string topic;
    std::string key;
    std::string error;
    std::string masked; ///< the text of its group; empty if it has no group yet
    timestamp died;
    failure_id failure; ///< 0 if it became a dead letter before migration 6
    failure_group_id group;
};
// Selections of dead letters. Each function returns up to `limit` of them from `start` on, in order.
[[nodiscard]] std::vector<dead_letter_row> dead_letters(storage::snapshot& s, const dead_letter_place& start, int limit);
[[nodiscard]] std::vector<dead_letter_row> dead_letters_of(storage::snapshot& s, subscription_id subscription,
                                                           const dead_letter_place& start, int limit);
[[nodiscard]] std::vector<dead_letter_row> dead_letters_of_key(storage::snapshot& s, std::string_view key,
                                                               const dead_letter_place& start, int limit);
[[nodiscard]] std::vector<dead_letter_row> dead_letters_of_group(storage::snapshot& s, failure_group_id group,
                                                                 const dead_letter_place& start, int limit);

[[nodiscard]] std::optional<dead_letter_place> newest_dead_letter_of_group(storage::snapshot& s, failure_group_id group);
/// Empty if this place has no dead letter.
[[nodiscard]] std::optional<dead_letter_row> find_dead_letter_row(storage::snapshot& s, const dead_letter_place& place);
[[nodiscard]] std::optional<dead_letter> find_dead_letter(storage::snapshot& s, const dead_letter_place& place);

/// The id of the last failure that was recorded. No dead letter has a higher `failure`.
[[nodiscard]] failure_id last_failure_id(storage::snapshot& s);

/// Makes the dead letter pending again, after the other deliveries of its key, as if it had never been attempted. Returns false
/// if it is not a dead letter.
[[nodiscard]] bool retry_dead_letter(storage::transaction& t, const dead_letter_place& dead, delivery_place place);

/// Completes up to `limit` dead letters that have no group: assigns a group and, if necessary, a time to them. Such dead
/// letters are from before migration 6, or were inserted by another program. Returns their number.
int complete_dead_letters(storage::transaction& t, timestamp now, int limit);

/// The dead letter that died first; empty if there is none.
[[nodiscard]] std::optional<dead_letter_place> oldest_dead_letter(storage::snapshot& s);
/// The number of all dead letters.
[[nodiscard]] std::int64_t count_dead_letters(storage::snapshot& s);

// The archive.
struct archive_entry {
    events::resolution resolution;
    std::string_view principal;
    std::string_view reason;
    timestamp at;
    std::optional<event_seq> replacement = {};
};
/// Moves a dead letter to the archive. Returns false if it is not a dead letter.
[[nodiscard]] bool archive_dead_letter(storage::transaction& t, const dead_letter_place& place, const archive_entry& entry);
/// Up to `limit` entries before `before`, newest first.
[[nodiscard]] std::vector<archived_letter> archived_letters(storage::snapshot& s, archived_letter_id before, int limit);
/// The newest entry of a dead letter in the archive.
struct archived_place {
    archived_letter_id id;
    std::string resolution;
};
[[nodiscard]] std::optional<archived_place> find_archived(storage::snapshot& s, const dead_letter_place& place);
/// Removes up to `limit` entries, the oldest first: those that were made before `cutoff`, and those that are not among the
/// newest `count`. Returns their number.
int remove_old_archive(storage::transaction& t, timestamp cutoff, std::int64_t count, int limit);

} // namespace atrium::events::table
