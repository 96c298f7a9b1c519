#include "core/dead_letter_search.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

dead_letter_place next_place(const dead_letter_place& place) {
    return {place.seq, {place.subscription.value + 1}};
}

bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace

dead_letter_search::dead_letter_search(dead_letter_filter filter, std::optional<failure_id> bound)
    : filter_{std::move(filter)}, bound_{bound} {
    if (filter_.topic)
        topic_.emplace(*filter_.topic);
    for (const auto& id : filter_.ids)
        if (const auto place = parse_dead_letter_id(id))
            places_.push_back(*place);
    std::ranges::sort(places_);
    const auto repeated = std::ranges::unique(places_);
    places_.erase(repeated.begin(), repeated.end());
}

dead_letter_search::step dead_letter_search::find(storage::snapshot& s, const dead_letter_place& after,
                                                  const step_limit& limit) const {
    step done{.matches = {}, .reached = after};
    std::optional<subscription_id> subscription;
    if (filter_.subscription) {
        const auto found = table::find_subscription(s, *filter_.subscription);
        if (!found)
            return done;
        subscription = found->id;
    }
    for (int examined = 0; !done.more;) {
        // Reads as many as can still match, and one more, which shows whether there are others.
        const int chunk = std::min(limit.matches - static_cast<int>(done.matches.size()), limit.examined - examined);
        auto places = candidates(s, subscription, next_place(done.reached), chunk + 1);
        const bool is_end = static_cast<int>(places.size()) <= chunk;
        if (!is_end)
            places.pop_back();
        for (const auto& place : places)
            if (is_match(s, place, subscription))
                done.matches.push_back(place);
        if (!places.empty())
            done.reached = places.back();
        if (is_end)
            break;
        examined += chunk;
        done.more = examined == limit.examined || static_cast<int>(done.matches.size()) == limit.matches;
    }
    return done;
}

bool dead_letter_search::is_match(storage::snapshot& s, const dead_letter_place& place,
                                  std::optional<subscription_id> subscription) const {
    if (subscription && place.subscription != *subscription)
        return false;
    const auto row = table::find_dead_letter_row(s, place);
    return row && matches(*row);
}

std::vector<dead_letter_place> dead_letter_search::candidates(storage::snapshot& s, std::optional<subscription_id> subscription,
                                                              const dead_letter_place& start, int limit) const {
    if (!filter_.ids.empty()) {
        const auto first = std::ranges::lower_bound(places_, start);
        return {first, first + std::min<std::ptrdiff_t>(places_.end() - first, limit)};
    }
    if (filter_.group)
        return table::dead_letters_of_group(s, *filter_.group, start, limit);
    if (filter_.key)
        return table::dead_letters_of_key(s, *filter_.key, start, limit);
    if (subscription)
        return table::dead_letters_of(s, *subscription, start, limit);
    return table::dead_letters(s, start, limit);
}

bool dead_letter_search::matches(const table::dead_letter_row& row) const {
    return (!bound_ || row.failure <= *bound_) && (!topic_ || topic_->matches(row.topic)) &&
           (!filter_.key || row.key == *filter_.key) &&
           (!filter_.error || contains(row.error, *filter_.error) || contains(row.masked, *filter_.error)) &&
           (!filter_.since || row.died >= *filter_.since) && (!filter_.until || row.died < *filter_.until) &&
           (!filter_.group || row.group == *filter_.group);
}

result<> check(const dead_letter_filter& filter) {
    if (filter.ids.size() > dead_letter_filter::max_ids)
        return invalid_field("/ids", "must have at most " + std::to_string(dead_letter_filter::max_ids) + " ids");
    return {};
}

} // namespace atrium::events
