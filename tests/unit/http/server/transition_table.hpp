#pragma once

#include <support/catch.hpp>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace atrium::http::test {

/// The expected result of one event in one state.
template <class State, class Event, class Action>
struct table_row {
    std::string name; ///< for the failure message
    State state;
    Event event;
    State next;
    Action action;
};

/// Checks that `transition` agrees with the table, and that the table has one row for each pair of state and event.
/// `last_state` and `last_event` are the last values of their enums, which show how many pairs exist.
template <class State, class Event, class Action, class Transition>
void check_transitions(const std::vector<table_row<State, Event, Action>>& table, Transition transition, State last_state,
                       Event last_event) {
    std::set<std::pair<State, Event>> pairs;
    for (const auto& row : table) {
        CAPTURE(row.name);
        pairs.insert({row.state, row.event});
        const auto result = transition(row.state, row.event);
        CHECK(static_cast<int>(result.next) == static_cast<int>(row.next));
        CHECK(static_cast<int>(result.action) == static_cast<int>(row.action));
    }
    const auto count = (static_cast<std::size_t>(last_state) + 1) * (static_cast<std::size_t>(last_event) + 1);
    CHECK(pairs.size() == count);
    CHECK(table.size() == count);
}

} // namespace atrium::http::test
