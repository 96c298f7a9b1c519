#include "core/dead_letter_search.hpp"

#include <algorithm>
#include <limits>
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
        const int chunk = std::min(limit.matches - static_cast<int>(done.matches.size()), limit.examined - examined);
        const auto next = read_batch(s, subscription, done.reached, chunk);
        for (const auto& row : next.rows)
            if ((!subscription || row.place.subscription == *subscription) && matches(row))
                done.matches.push_back(row.place);
        done.reached = next.reached;
        if (next.is_last)
            break;
        examined += chunk;
        done.more = examined == limit.examined || static_cast<int>(done.matches.size()) == limit.matches;
    }
    return done;
}

std::optional<std::int64_t> dead_letter_search::count(storage::snapshot& s) const {
    const bool compares_rows =
        filter_.topic || filter_.key || filter_.error || filter_.since || filter_.until || !filter_.ids.empty();
    if (compares_rows || (filter_.group && filter_.subscription))
        return std::nullopt;
    if (filter_.group)
        return table::count_group(s, *filter_.group, std::numeric_limits<std::int64_t>::max());
    if (!filter_.subscription)
        return table::count_dead_letters(s);
    const auto found = table::find_subscription(s, *filter_.subscription);
    return found ? table::count_dead_letters_of(s, found->id) : 0;
}

dead_letter_search::batch dead_letter_search::read_batch(storage::snapshot& s, std::optional<subscription_id> subscription,
                                                         const dead_letter_place& after, int limit) const {
    if (!filter_.ids.empty())
        return read_by_id(s, after, limit);
    // A row beyond the limit is read to find out whether this is the last batch.
    auto rows = candidates(s, subscription, next_place(after), limit + 1);
    const bool is_last = static_cast<int>(rows.size()) <= limit;
    if (!is_last)
        rows.pop_back();
    const auto reached = rows.empty() ? after : rows.back().place;
    return {.rows = std::move(rows), .reached = reached, .is_last = is_last};
}

dead_letter_search::batch dead_letter_search::read_by_id(storage::snapshot& s, const dead_letter_place& after,
                                                         int limit) const {
    batch read{.rows = {}, .reached = after, .is_last = true};
    for (auto place = std::ranges::upper_bound(places_, after); place != places_.end(); ++place) {
        read.is_last = limit-- > 0;
        if (!read.is_last)
            break;
        read.reached = *place;
        if (auto row = table::find_dead_letter_row(s, *place))
            read.rows.push_back(*std::move(row));
    }
    return read;
}

std::vector<table::dead_letter_row> dead_letter_search::candidates(storage::snapshot& s,
                                                                   std::optional<subscription_id> subscription,
                                                                   const dead_letter_place& start, int limit) const {
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
