// Functions that the tests of the actions of operators share.
#pragma once

#include "node.hpp"

#include <support/catch.hpp>

#include <algorithm>
#include <iterator>

namespace atrium::contract {

/// Settings with which the first failure of a delivery makes it a dead letter.
inline events::settings strict_settings() {
    auto s = node::quick_settings();
    s.retry.attempts = 1;
    return s;
}

/// Subscribes a handler that writes a note of each event. If `is_unlucky` is true for the number of the event, the handler then
/// fails with an error that contains this number. In the notes of a replay, the id of the replay follows the name of the
/// subscription.
inline void note_unless(node& n, const std::string& name, std::function<bool(std::int64_t)> is_unlucky,
                        std::vector<std::string> topics = {"probe.*"}) {
    n.bus().subscribe({.name = name, .topics = std::move(topics)},
                      [name, is_unlucky](storage::transaction& t, const events::event& e) -> result<> {
                          node::write_note(t, e.replay.empty() ? name : name + "/" + e.replay, e);
                          const auto number = t.query_integer("SELECT json_extract(?1, '$.number')", e.data).value();
                          if (is_unlucky(number))
                              return error{errc::conflict, "number " + std::to_string(number) + " brings bad luck"};
                          return {};
                      });
}

inline std::int64_t count_dead(node& n) {
    return run(n.operations().count_dead_letters({})).value();
}

/// The published events of this topic, oldest first.
inline std::vector<events::event> list_published(node& n, std::string topic) {
    events::event_filter filter;
    filter.topic = std::move(topic);
    std::vector<events::event> found;
    std::optional<events::event_seq> after;
    do {
        auto page = run(n.operations().list_events(filter, events::event_order::oldest_first, after, 1000)).value();
        std::ranges::move(page.items, std::back_inserter(found));
        after = page.next;
    } while (after);
    return found;
}

inline events::subscription_state state_of(node& n, std::string subscription) {
    return run(n.operations().find_subscription(std::move(subscription))).value();
}

/// What the journey of an event reports about one subscription.
inline const events::delivery_journey& find_delivery(const events::journey& journey, std::string_view subscription) {
    const auto found = std::ranges::find(journey.deliveries, subscription, &events::delivery_journey::subscription);
    REQUIRE(found != journey.deliveries.end());
    return *found;
}

} // namespace atrium::contract
