#pragma once

#include "core/journal_tables.hpp"

#include <events/bulk_operation.hpp>
#include <events/journey.hpp>
#include <events/topic_pattern.hpp>
#include <storage/sql.hpp>

#include <optional>
#include <string_view>
#include <vector>

namespace atrium::events {

/// Finds the events of the journal that a filter matches, in steps that examine a bounded number of events. Never changes after
/// construction.
class event_search {
public:
    event_search(event_filter filter, event_order order);
    /// Searches the range for events with one of `topics`, oldest first, up to `bound`.
    event_search(const event_range& range, std::vector<topic_pattern> topics, event_seq bound);

    /// The result of one step.
    struct step {
        std::vector<event_seq> matches;
        std::optional<event_seq> reached; ///< the last event that was examined; `after` if none was
        bool more = false;                ///< there may be more matches after `reached`
    };
    /// The max numbers of matches and of examined events in one step.
    struct step_limit {
        int matches;
        int examined;
    };
    /// Examines up to `limit.examined` events after `after`, in the order of the search, and ends after `limit.matches`
    /// matches.
    [[nodiscard]] step find(storage::snapshot& s, std::optional<event_seq> after, const step_limit& limit) const;

private:
    [[nodiscard]] bool matches(std::string_view topic) const;
    [[nodiscard]] bool matches(const table::event_head& e) const; ///< does not compare the topic

    event_filter filter_;
    event_order order_ = event_order::oldest_first;
    event_seq first_{1};
    event_seq last_;
    std::optional<topic_pattern> topic_;
    std::optional<std::vector<topic_pattern>> topics_; ///< an event must match one of these patterns
};

} // namespace atrium::events
