#pragma once

#include "core/dead_letter_tables.hpp"

#include <base/error.hpp>
#include <events/dead_letter.hpp>
#include <events/topic_pattern.hpp>
#include <storage/sql.hpp>

#include <cstdint>
#include <optional>
#include <vector>

namespace atrium::events {

/// Finds the dead letters that a filter matches, in steps that examine a bounded number of dead letters. It uses the index of
/// the most selective member of the filter. Never changes after construction.
class dead_letter_search {
public:
    /// Dead letters whose last failure is later than the failure `bound` do not match.
    explicit dead_letter_search(dead_letter_filter filter, std::optional<failure_id> bound = std::nullopt);

    /// The result of one step.
    struct step {
        std::vector<dead_letter_place> matches;
        dead_letter_place reached; ///< the last examined dead letter; if none was examined, the argument `after` of `find`
        bool more = false;         ///< there may be more matches after `reached`
    };
    /// The max numbers of matches and of examined dead letters in one step.
    struct step_limit {
        int matches;
        int examined;
    };
    /// Examines at most `limit.examined` of the dead letters that follow `after`, and stops earlier if it has found
    /// `limit.matches` matches.
    [[nodiscard]] step find(storage::snapshot& s, const dead_letter_place& after, const step_limit& limit) const;

    /// The number of matches. Ignores the bound, so the snapshot must have no dead letter with a later failure. Empty if no
    /// index contains what is needed to count the matches, so each of them would have to be read.
    [[nodiscard]] std::optional<std::int64_t> count(storage::snapshot& s) const;

private:
    /// The next dead letters that may match.
    struct batch {
        std::vector<table::dead_letter_row> rows;
        dead_letter_place reached; ///< up to this place, `rows` contains every dead letter that may match
        bool is_last;
    };
    [[nodiscard]] batch read_batch(storage::snapshot& s, std::optional<subscription_id> subscription,
                                   const dead_letter_place& after, int limit) const;
    [[nodiscard]] batch read_by_id(storage::snapshot& s, const dead_letter_place& after, int limit) const;
    [[nodiscard]] std::vector<table::dead_letter_row> candidates(storage::snapshot& s,
                                                                 std::optional<subscription_id> subscription,
                                                                 const dead_letter_place& start, int limit) const;
    [[nodiscard]] bool matches(const table::dead_letter_row& row) const;

    dead_letter_filter filter_;
    std::optional<topic_pattern> topic_;
    std::vector<dead_letter_place> places_; ///< of the dead letters in `filter_.ids`, sorted and without duplicates
    std::optional<failure_id> bound_;
};

/// Errors: invalid (too many ids).
[[nodiscard]] result<> check(const dead_letter_filter& filter);

} // namespace atrium::events
