#include "core/bulk_scan.hpp"

#include "core/filter_json.hpp"
#include "core/topic_list.hpp"

#include <algorithm>

namespace atrium::events {
namespace {

constexpr int max_examined = 2'000; // max number of rows that one step examines, in a few milliseconds

std::variant<dead_letter_search, event_search> search_of(storage::snapshot& s, bulk_verb verb, std::string_view filter,
                                                         std::int64_t bound) {
    if (!works_on_events(verb))
        return dead_letter_search{dead_letter_filter_of(filter), failure_id{bound}};
    const auto range = event_range_of(filter);
    const auto subscription = table::find_subscription(s, range.subscription);
    return event_search{range, split_topics(subscription ? subscription->topics : std::string{}), {bound}};
}

} // namespace

bulk_scan::bulk_scan(storage::snapshot& s, bulk_verb verb, std::string_view filter, std::int64_t bound)
    : search_{search_of(s, verb, filter, bound)} {}

bulk_scan::step bulk_scan::find(storage::snapshot& s, const dead_letter_place& after, int max_matches) const {
    if (const auto* letters = std::get_if<dead_letter_search>(&search_)) {
        auto found = letters->find(s, after, {.matches = max_matches, .examined = max_examined});
        return {std::move(found.matches), found.reached, found.more};
    }
    const auto found = std::get<event_search>(search_).find(s, after.seq, {.matches = max_matches, .examined = max_examined});
    step done{.matches = {}, .reached = {found.reached.value_or(after.seq), {}}, .more = found.more};
    if (found.matches.empty())
        return done;
    const auto undelivered = table::scheduled_seqs(s, found.matches.front(), found.matches.back());
    for (const auto seq : found.matches)
        if (!std::ranges::binary_search(undelivered, seq)) // a scheduled event that is not due yet has never been delivered
            done.matches.push_back({seq, {}});
    return done;
}

std::optional<std::int64_t> bulk_scan::count(storage::snapshot& s) const {
    const auto* letters = std::get_if<dead_letter_search>(&search_);
    return letters ? letters->count(s) : std::nullopt;
}

std::int64_t bulk_scan::bound_now(storage::snapshot& s, bulk_verb verb) {
    return works_on_events(verb) ? table::last_seq(s).value : table::last_failure_id(s).value;
}

} // namespace atrium::events
