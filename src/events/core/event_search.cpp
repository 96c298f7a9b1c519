#include "core/event_search.hpp"

#include "core/events_of_key.hpp"
#include "core/topic_list.hpp"
#include "core/topic_verdicts.hpp"

#include <base/trace.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace atrium::events {
namespace {

/// Up to so many events of a time are looked for by an index; that takes about a millisecond. If there are more, the search
/// examines all events.
constexpr int max_events_of_time = 20'000;

} // namespace

event_search::event_search(event_filter filter, event_order order)
    : filter_{std::move(filter)}, order_{order}, last_{std::numeric_limits<std::int64_t>::max()} {
    if (filter_.topic)
        topic_.emplace(*filter_.topic);
}

event_search::event_search(const event_range& range, std::vector<topic_pattern> topics, event_seq bound)
    : event_search{{.topic = range.topic, .key = {}, .since = range.since, .until = range.until}, event_order::oldest_first} {
    first_ = range.first.value_or(first_);
    last_ = std::min(range.last.value_or(bound), bound);
    topics_ = std::move(topics);
}

event_search::step event_search::find(storage::snapshot& s, std::optional<event_seq> after, const step_limit& limit) const {
    const bool is_reverse = order_ == event_order::newest_first;
    auto first = first_;
    auto last = last_;
    if (after && is_reverse)
        last = std::min(last, {after->value - 1});
    else if (after)
        first = std::max(first, {after->value + 1});
    if (const auto part = find_part_of_time(s)) {
        first = std::max(first, part->first);
        last = std::min(last, part->last);
    }
    step done{.matches = {}, .reached = after};
    topic_verdicts has_topic{[this](std::string_view topic) { return matches(topic); }};
    int examined = 0;
    const auto examine = [&](const table::event_head& e) {
        ++examined;
        done.reached = e.seq;
        if (matches(e) && has_topic(e.topic))
            done.matches.push_back(e.seq);
        return static_cast<int>(done.matches.size()) < limit.matches;
    };
    if (filter_.key)
        table::for_each_event_of_key(s, *filter_.key, first, last, is_reverse, limit.examined, examine);
    else
        table::for_each_event(s, first, last, is_reverse, limit.examined, examine);
    done.more = examined == limit.examined || static_cast<int>(done.matches.size()) == limit.matches;
    return done;
}

std::optional<table::log_part> event_search::find_part_of_time(storage::snapshot& s) const {
    if (!filter_.since && !filter_.until)
        return std::nullopt;
    return table::find_part(s, filter_.since.value_or(timestamp::min()), filter_.until.value_or(timestamp::max()),
                            max_events_of_time);
}

bool event_search::matches(std::string_view topic) const {
    return (!topic_ || topic_->matches(topic)) && (!topics_ || matches_any(*topics_, topic));
}

bool event_search::matches(const table::event_head& e) const {
    return (!filter_.key || e.key == *filter_.key) && (!filter_.since || e.time >= *filter_.since) &&
           (!filter_.until || e.time < *filter_.until) && (!filter_.trace || trace_of(e.traceparent) == *filter_.trace);
}

} // namespace atrium::events
