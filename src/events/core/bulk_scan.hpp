#pragma once

#include "core/dead_letter_search.hpp"
#include "core/event_search.hpp"

#include <events/bulk_operation.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace atrium::events {

/// Finds the dead letters or events on which an operation works, in steps. Both are identified by a `dead_letter_place`; for an
/// event, only its `seq` is set.
class bulk_scan {
public:
    /// `filter` is JSON: a dead letter filter, or a range if the verb is `replay` or `resend`. In a range, only events that
    /// match the topics of the range's subscription are found. `table::operation_row` describes `bound`.
    bulk_scan(storage::snapshot& s, bulk_verb verb, std::string_view filter, std::int64_t bound);

    struct step {
        std::vector<dead_letter_place> matches;
        dead_letter_place reached; ///< the last place that was examined
        bool more = false;         ///< there may be more matches after `reached`
    };
    /// Returns up to `max_matches` matches after `after`; examines a bounded number of rows.
    [[nodiscard]] step find(storage::snapshot& s, const dead_letter_place& after, int max_matches) const;

    /// The number of all matches, in the snapshot from which the bound was taken. Empty if every match would have to be read to
    /// count them.
    [[nodiscard]] std::optional<std::int64_t> count(storage::snapshot& s) const;

    /// The bound of an operation that begins now.
    [[nodiscard]] static std::int64_t bound_now(storage::snapshot& s, bulk_verb verb);

private:
    std::variant<dead_letter_search, event_search> search_;
};

/// Whether the verb works on events instead of dead letters.
[[nodiscard]] constexpr bool works_on_events(bulk_verb verb) noexcept {
    return verb == bulk_verb::replay || verb == bulk_verb::resend;
}

} // namespace atrium::events
