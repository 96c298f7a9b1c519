#include "rabbitmq/queue_move.hpp"

#include <support/catch.hpp>

#include <array>
#include <string>
#include <vector>

using atrium::events::rabbitmq::delivery_limit;
using atrium::events::rabbitmq::queue_move;
using state = queue_move::state;
using event = queue_move::event;
using action = queue_move::action;

namespace {

struct step {
    queue_move::event event;
    state next;
    queue_move::action action;
};

const queue_move::queues limited_base{.base = delivery_limit::limited, .interim = {}};
const queue_move::queues limited_base_and_interim{.base = delivery_limit::limited, .interim = delivery_limit::unlimited};
const queue_move::queues new_base_and_interim{.base = delivery_limit::unlimited, .interim = delivery_limit::unlimited};

constexpr step active{event::active, state::proving, action::prove};
constexpr step proven{event::proven, state::binding, action::bind_target};
constexpr step bound{event::bound, state::marking, action::send_mark};
constexpr step first_mark{event::mark_arrived, state::settling, action::settle};
constexpr step settled{event::time_passed, state::surveying, action::check_nodes};
constexpr step surveyed{event::nodes_up, state::unbinding, action::unbind_source};
constexpr step unbound{event::unbound, state::closing, action::send_mark};
constexpr step last_mark{event::mark_arrived, state::resting, action::rest};
constexpr step rested{event::time_passed, state::emptying, action::none};
constexpr step all_acknowledged{event::all_acknowledged, state::checking, action::check_nodes};
constexpr step checked{event::nodes_up, state::replacing, action::replace};
const std::vector<step> from_first_mark{first_mark, settled, surveyed, unbound, last_mark, rested, all_acknowledged, checked};
constexpr step late_message{event::message_arrived, state::unbinding, action::unbind_source};

constexpr std::array all_events{event::active,      event::proven,       event::refuted,         event::bound,
                                event::unbound,     event::mark_arrived, event::message_arrived, event::all_acknowledged,
                                event::time_passed, event::nodes_up,     event::node_down};

void follow(queue_move& move, const std::vector<step>& steps) {
    for (std::size_t i = 0; i < steps.size(); ++i) {
        INFO("step " << i);
        CHECK(move.handle(steps[i].event) == steps[i].action);
        CHECK(move.current() == steps[i].next);
    }
}

} // namespace

TEST_CASE("the delivery limits of a queue and its interim queue decide which of the two is read") {
    struct row {
        queue_move::queues found;
        state first;
        bool is_from_base;
    };
    static constexpr auto limited = delivery_limit::limited;
    static constexpr auto unlimited = delivery_limit::unlimited;
    static constexpr auto unspecified = delivery_limit::unspecified;
    const auto each =
        GENERATE(row{{limited, {}}, state::waiting, true}, row{{limited, unlimited}, state::resuming, true},
                 row{{limited, limited}, state::resuming, true}, row{{limited, unspecified}, state::resuming, true},
                 row{{unlimited, {}}, state::settled, true}, row{{unlimited, unlimited}, state::returning, false},
                 row{{unlimited, limited}, state::returning, false}, row{{unspecified, {}}, state::settled, true},
                 // The queues as a node of RabbitMQ 3 in a half-upgraded cluster reports them, after a process that is
                 // connected to a node of RabbitMQ 4 has begun the replacement.
                 row{{unspecified, unlimited}, state::settled, true}, row{{unspecified, limited}, state::settled, true},
                 // A cluster of RabbitMQ 3.
                 row{{unspecified, unspecified}, state::returning, false});
    const queue_move move{"q", each.found};
    CAPTURE(static_cast<int>(each.found.base), each.found.interim.has_value());
    CHECK(move.current() == each.first);
    CHECK(move.is_from_base() == each.is_from_base);
    CHECK(move.source() == (each.is_from_base ? "q" : "q.interim"));
    CHECK(move.target() == (each.is_from_base ? "q.interim" : "q"));
    CHECK_FALSE(move.is_under_way());
    CHECK(move.has_interim() == (each.first == state::resuming || each.first == state::returning));
}

TEST_CASE("a queue with a delivery limit is replaced step by step, and unexpected events change nothing") {
    queue_move move{"q", limited_base};
    std::vector<step> steps{active, proven, bound};
    steps.insert(steps.end(), from_first_mark.begin(), from_first_mark.end());
    const auto is_expected = [](state s, event e, event next) {
        const bool waits_for_nodes = s == state::surveying || s == state::checking;
        return e == next || (s == state::proving && e == event::refuted) || (waits_for_nodes && e == event::node_down) ||
               (s >= state::resting && e == event::message_arrived);
    };
    for (const auto& each : steps) {
        for (const auto other : all_events) {
            const auto previous = move.current();
            if (is_expected(previous, other, each.event))
                continue;
            CAPTURE(static_cast<int>(previous), static_cast<int>(other));
            const bool is_time = other == event::time_passed;
            const bool repeats_mark = is_time && (previous == state::marking || previous == state::closing);
            const bool repeats_check = is_time && (previous == state::surveying || previous == state::checking);
            CHECK(move.handle(other) == (repeats_mark    ? action::repeat_mark
                                         : repeats_check ? action::check_nodes
                                                         : action::none));
            CHECK(move.current() == previous);
        }
        follow(move, {each});
    }
    for (const auto other : all_events)
        if (other != event::message_arrived)
            CHECK(move.handle(other) == action::none);
    CHECK(move.current() == state::replacing);
}

TEST_CASE("the interim queue is read to its end without another proof, and is then deleted") {
    queue_move move{"q", new_base_and_interim};
    follow(move, {{event::active, state::marking, action::send_mark}});
    follow(move, from_first_mark);
}

TEST_CASE("a replacement that has begun needs no further proof, and its target queue is bound again") {
    queue_move move{"q", limited_base_and_interim};
    CHECK(move.source() == "q");
    follow(
        move,
        {{event::message_arrived, state::resuming, action::none}, {event::active, state::binding, action::bind_target}, bound});
    follow(move, from_first_mark);
}

TEST_CASE("a process that ends in any state leaves queues with which the next process can finish the replacement") {
    struct row {
        state last;
        queue_move::queues queues_left;
    };
    const auto each =
        GENERATE(row{state::waiting, limited_base}, row{state::proving, limited_base}, row{state::postponed, limited_base},
                 row{state::binding, limited_base_and_interim}, row{state::marking, limited_base_and_interim},
                 row{state::settling, limited_base_and_interim}, row{state::surveying, limited_base_and_interim},
                 row{state::unbinding, limited_base_and_interim}, row{state::closing, limited_base_and_interim},
                 row{state::resting, limited_base_and_interim}, row{state::emptying, limited_base_and_interim},
                 row{state::checking, limited_base_and_interim}, row{state::replacing, new_base_and_interim});
    CAPTURE(static_cast<int>(each.last));
    auto found = each.queues_left;
    for (int queues_read = 0; queues_read < 2; ++queues_read) {
        queue_move move{"q", found};
        if (move.is_settled())
            break;
        // Each of these events leads from at least one state to the next, and does not change any other state.
        for (int events = 0; events < 5; ++events)
            for (const auto next : {event::active, event::proven, event::bound, event::mark_arrived, event::unbound,
                                    event::time_passed, event::all_acknowledged, event::nodes_up})
                (void)move.handle(next);
        CHECK(move.current() == state::replacing);
        found =
            move.is_from_base() ? new_base_and_interim : queue_move::queues{.base = delivery_limit::unlimited, .interim = {}};
    }
    CHECK(queue_move{"q", found}.is_settled());
}

TEST_CASE("a consumer whose mark never arrives unbinds and deletes nothing, even if it seems to be active") {
    for (const auto& found : {limited_base_and_interim, new_base_and_interim}) {
        queue_move move{"q", found};
        for (int i = 0; i < 3; ++i)
            for (const auto each : all_events)
                if (each != event::mark_arrived) {
                    const auto result = move.handle(each);
                    CHECK(result != action::unbind_source);
                    CHECK(result != action::replace);
                }
        CHECK(move.current() == state::marking);
    }
}

TEST_CASE("a queue that need not be replaced ignores every event") {
    queue_move move{"q", {.base = delivery_limit::unspecified, .interim = delivery_limit::unlimited}};
    for (const auto each : all_events)
        CHECK(move.handle(each) == action::none);
    CHECK(move.is_settled());
    queue_move none;
    CHECK(none.handle(event::active) == action::none);
}

TEST_CASE("a message after the first mark changes nothing, and a message after the last mark unbinds the source queue again") {
    queue_move move{"q", limited_base};
    follow(move, {active, proven, bound, first_mark, settled, surveyed, unbound});
    follow(move, {{event::message_arrived, state::closing, action::none}, last_mark});
    follow(move, {{event::all_acknowledged, state::resting, action::none}});
    follow(move, {late_message, unbound, last_mark, rested, late_message});
    follow(move, {{event::all_acknowledged, state::unbinding, action::none}, unbound, last_mark, rested, all_acknowledged});
    follow(move, {late_message, unbound, last_mark, rested, all_acknowledged, checked});
    // Simulates that the queue which was to be deleted still contained a message.
    follow(move, {late_message, unbound, last_mark, rested, all_acknowledged, checked});
}

TEST_CASE("nothing is unbound or deleted while a node of the broker is down") {
    queue_move move{"q", limited_base};
    follow(move, {active, proven, bound, first_mark, settled});
    for (int i = 0; i < 3; ++i)
        follow(move, {{event::node_down, state::surveying, action::pause_check},
                      {event::message_arrived, state::surveying, action::none},
                      {event::all_acknowledged, state::surveying, action::none},
                      {event::time_passed, state::surveying, action::check_nodes}});
    follow(move, {surveyed, unbound, last_mark, rested, all_acknowledged});
    for (int i = 0; i < 3; ++i)
        follow(move, {{event::node_down, state::checking, action::pause_check},
                      {event::all_acknowledged, state::checking, action::none},
                      {event::time_passed, state::checking, action::check_nodes}});
    follow(move, {checked});
}

TEST_CASE("the source queue is not deleted before the last mark arrives, even if all messages are acknowledged") {
    queue_move move{"q", limited_base};
    follow(move, {active, proven, bound, first_mark, settled, surveyed});
    follow(move, {{event::all_acknowledged, state::unbinding, action::none}, unbound});
    follow(move, {{event::all_acknowledged, state::closing, action::none}});
}

TEST_CASE("a standby consumer takes no part in the replacement") {
    for (const auto& found : {limited_base, limited_base_and_interim, new_base_and_interim}) {
        queue_move move{"q", found};
        const auto first = move.current();
        for (const auto each : all_events)
            if (each != event::active)
                follow(move, {{each, first, action::none}});
        CHECK_FALSE(move.is_under_way());
    }
}

TEST_CASE("the replacement is postponed until a proof shows that the new queue keeps a returned message") {
    queue_move move{"q", limited_base};
    follow(move, {active, {event::refuted, state::postponed, action::postpone}});
    CHECK_FALSE(move.is_under_way());
    follow(move,
           {{event::active, state::postponed, action::none}, {event::time_passed, state::proving, action::prove}, proven});
    CHECK(move.is_under_way());
}
