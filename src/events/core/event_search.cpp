#include "core/event_search.hpp"

#include "core/topic_list.hpp"
#include "core/topic_verdicts.hpp"

#include <base/trace.hpp>

#include <algorithm>
#include <limits>
#include <utility>

namespace atrium::events {

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
    step done{.matches = {}, .reached = after};
    topic_verdicts has_topic{[this](std::string_view topic) { return matches(topic); }};
    int examined = 0;
    table::for_each_event(s, first, last, is_reverse, limit.examined, [&](const table::event_head& e) {
        ++examined;
        done.reached = e.seq;
        if (matches(e) && has_topic(e.topic))
            done.matches.push_back(e.seq);
        return static_cast<int>(done.matches.size()) < limit.matches;
    });
    done.more = examined == limit.examined || static_cast<int>(done.matches.size()) == limit.matches;
    return done;
}

bool event_search::matches(std::string_view topic) const {
    return (!topic_ || topic_->matches(topic)) && (!topics_ || matches_any(*topics_, topic));
}

bool event_search::matches(const table::event_head& e) const {
    return (!filter_.key || e.key == *filter_.key) && (!filter_.since || e.time >= *filter_.since) &&
           (!filter_.until || e.time < *filter_.until) && (!filter_.trace || trace_of(e.traceparent) == *filter_.trace);
}

} // namespace atrium::events
