#include "core/journey.hpp"

#include "core/dead_letter_tables.hpp"
#include "core/failure_tables.hpp"
#include "core/number_tables.hpp"
#include "core/topic_list.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

/// Determines the progress of the subscriptions with one event.
class journey_search {
public:
    journey_search(storage::snapshot& s, const process_view& process, const event& e, std::string_view edited_from)
        : snapshot_{s}, process_{process}, event_{e}, corrected_{parse_dead_letter_id(edited_from)},
          sent_{table::sent_numbers(s, e.seq)}, due_{table::find_scheduled(s, e.seq)} {}

    /// Empty if the subscription does not get the event.
    std::optional<delivery_journey> find(const table::subscription_row& row) {
        const dead_letter_place place{event_.seq, row.id};
        delivery_journey one;
        one.subscription = row.name;
        one.failures = table::failures(snapshot_, row.id, event_.seq);
        if (const auto waiting = table::find_delivery(snapshot_, row.id, event_.seq)) {
            add(one, *waiting, place);
            return one;
        }
        if (const auto archived = table::find_archived(snapshot_, place)) {
            one.state = delivery_state::discarded;
            one.archive = archived->id;
            return one;
        }
        if (!is_for(row) && one.failures.empty())
            return std::nullopt;
        if (due_) {
            one.state = delivery_state::scheduled;
            one.due = due_;
            return one;
        }
        one.state = is_at_broker(row) ? delivery_state::at_broker : delivery_state::handled;
        return one;
    }

private:
    void add(delivery_journey& one, const table::waiting_delivery& waiting, const dead_letter_place& place) {
        one.state = waiting.state;
        one.attempts = waiting.attempts;
        one.due = waiting.due;
        one.replay = waiting.replay;
        if (one.state == delivery_state::dead)
            one.dead_letter = to_dead_letter_id(place);
        if (one.state == delivery_state::queued)
            one.position = capped(table::count_before(snapshot_, place.subscription, event_.key, waiting.place, count_limit));
    }

    [[nodiscard]] bool is_for(const table::subscription_row& row) const {
        if (corrected_)
            return corrected_->subscription == row.id;
        if (is_outlet(row.name) && !process_.is_claimed(row.name))
            return false; // the outlet belongs to an adapter or a bridge that is not used any more
        return event_.seq > row.began && matches_any(split_topics(row.topics), event_.topic);
    }

    [[nodiscard]] bool is_at_broker(const table::subscription_row& row) const {
        if (is_outlet(row.name) || corrected_ || table::has_received(snapshot_, row.id, event_.id))
            return false;
        const bool is_sent = std::ranges::find(sent_, row.id, &table::sent_number_row::subscription) != sent_.end();
        return is_sent || (process_.has_broker && !process_.handled_rate(row.id));
    }

    static constexpr std::int64_t count_limit = capped_count::limit + 1;

    storage::snapshot& snapshot_;
    const process_view& process_;
    const event& event_;
    std::optional<dead_letter_place> corrected_; ///< the dead letter that this event corrects
    std::vector<table::sent_number_row> sent_;
    std::optional<timestamp> due_; ///< when the event is due; empty if it was delivered already
};

} // namespace

std::optional<journey> find_journey(storage::snapshot& s, const process_view& process, event_seq seq) {
    auto found = table::find_event(s, seq);
    const auto origin = table::find_origin(s, seq);
    if (!found || !origin)
        return std::nullopt;
    journey all{
        .event = *std::move(found), .request_id = origin->request_id, .edited_from = origin->edited_from, .deliveries = {}};
    journey_search search{s, process, all.event, all.edited_from};
    for (const auto& row : table::subscriptions(s))
        if (auto one = search.find(row))
            all.deliveries.push_back(*std::move(one));
    return all;
}

subscription_state describe_subscription(storage::snapshot& s, const process_view& process, const table::subscription_row& row,
                                         timestamp now) {
    const auto counts = table::count_capped(s, row.id, capped_count::limit + 1);
    const auto rate = process.handled_rate(row.id);
    subscription_state state{.name = row.name,
                             .topics = {},
                             .pending = capped(counts.pending),
                             .ready = capped(counts.ready),
                             .backoff = capped(counts.backoff),
                             .dead = capped(counts.dead),
                             .rate = rate.value_or(0),
                             .last_error = {},
                             .last_failure = {},
                             .paused = row.is_paused,
                             .claimed = process.is_claimed(row.name),
                             .active = rate.has_value()};
    for (const auto& topic : split_topics(row.topics))
        state.topics.push_back(topic.text());
    if (const auto oldest = table::oldest_pending(s, row.id, {.pending = counts.pending, .dead = counts.dead}))
        state.oldest = std::max(now - *oldest, std::chrono::milliseconds{0});
    if (auto last = table::last_failure(s, row.id)) {
        state.last_error = std::move(last->error);
        state.last_failure = last->at;
    }
    return state;
}

} // namespace atrium::events
