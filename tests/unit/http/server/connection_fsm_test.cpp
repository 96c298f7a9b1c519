#include "server/connection_fsm.hpp"
#include "transition_table.hpp"

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using state = connection_state;
using event = connection_event;
using action = connection_action;

using table_row = test::table_row<state, event, action>;

#define ROW(state_, event_, next, action_)                                                                                     \
    table_row {                                                                                                                \
        #state_ " + " #event_, state::state_, event::event_, state::next, action::action_                                      \
    }

// clang-format off
const std::vector<table_row> table{
    ROW(running, wait_for_request, idle, none),
    ROW(running, wait_for_header, header, none),
    ROW(running, wait_for_body, body, none),
    ROW(running, begin_answer, handling, none),
    ROW(running, end_answer, running, none),
    ROW(running, begin_stream, upgraded, none),
    ROW(running, end_stream, running, none),
    ROW(running, begin_write, writing, none),
    ROW(running, end_write, running, none),
    ROW(running, begin_linger, lingering, none),
    ROW(running, deadline, running, none),
    ROW(running, client_half_closed, running, none),
    ROW(running, client_gone, running, none),
    ROW(running, drain, running, none),
    ROW(running, evict, running, none),
    ROW(running, close, closed, close),

    ROW(idle, wait_for_request, idle, none),
    ROW(idle, wait_for_header, header, none),
    ROW(idle, wait_for_body, body, none),
    ROW(idle, begin_answer, handling, none),
    ROW(idle, end_answer, idle, none),
    ROW(idle, begin_stream, idle, none),
    ROW(idle, end_stream, idle, none),
    ROW(idle, begin_write, writing, none),
    ROW(idle, end_write, idle, none),
    ROW(idle, begin_linger, lingering, none),
    ROW(idle, deadline, closed, close),
    ROW(idle, client_half_closed, idle, none),
    ROW(idle, client_gone, idle, none),
    ROW(idle, drain, idle, close_if_quiet),
    ROW(idle, evict, idle, close_if_quiet),
    ROW(idle, close, closed, close),

    ROW(header, wait_for_request, idle, none),
    ROW(header, wait_for_header, header, none),
    ROW(header, wait_for_body, body, none),
    ROW(header, begin_answer, handling, none),
    ROW(header, end_answer, header, none),
    ROW(header, begin_stream, header, none),
    ROW(header, end_stream, header, none),
    ROW(header, begin_write, writing, none),
    ROW(header, end_write, header, none),
    ROW(header, begin_linger, lingering, none),
    ROW(header, deadline, header_expired, cancel_read),
    ROW(header, client_half_closed, header, none),
    ROW(header, client_gone, header, none),
    ROW(header, drain, header, none),
    ROW(header, evict, closed, close),
    ROW(header, close, closed, close),

    ROW(body, wait_for_request, idle, none),
    ROW(body, wait_for_header, header, none),
    ROW(body, wait_for_body, body, none),
    ROW(body, begin_answer, handling, none),
    ROW(body, end_answer, body, none),
    ROW(body, begin_stream, body, none),
    ROW(body, end_stream, body, none),
    ROW(body, begin_write, writing, none),
    ROW(body, end_write, body, none),
    ROW(body, begin_linger, lingering, none),
    ROW(body, deadline, body_expired, cancel_read),
    ROW(body, client_half_closed, body, none),
    ROW(body, client_gone, body, none),
    ROW(body, drain, body, none),
    ROW(body, evict, body, none),
    ROW(body, close, closed, close),

    ROW(header_expired, wait_for_request, header_expired, none),
    ROW(header_expired, wait_for_header, header_expired, none),
    ROW(header_expired, wait_for_body, header_expired, none),
    ROW(header_expired, begin_answer, header_expired, none),
    ROW(header_expired, end_answer, header_expired, none),
    ROW(header_expired, begin_stream, header_expired, none),
    ROW(header_expired, end_stream, header_expired, none),
    ROW(header_expired, begin_write, writing, none),
    ROW(header_expired, end_write, header_expired, none),
    ROW(header_expired, begin_linger, lingering, none),
    ROW(header_expired, deadline, header_expired, none),
    ROW(header_expired, client_half_closed, header_expired, none),
    ROW(header_expired, client_gone, header_expired, none),
    ROW(header_expired, drain, header_expired, none),
    ROW(header_expired, evict, header_expired, none),
    ROW(header_expired, close, closed, close),

    ROW(body_expired, wait_for_request, body_expired, none),
    ROW(body_expired, wait_for_header, body_expired, none),
    ROW(body_expired, wait_for_body, body_expired, none),
    ROW(body_expired, begin_answer, body_expired, none),
    ROW(body_expired, end_answer, body_expired, none),
    ROW(body_expired, begin_stream, body_expired, none),
    ROW(body_expired, end_stream, body_expired, none),
    ROW(body_expired, begin_write, writing, none),
    ROW(body_expired, end_write, body_expired, none),
    ROW(body_expired, begin_linger, lingering, none),
    ROW(body_expired, deadline, body_expired, none),
    ROW(body_expired, client_half_closed, body_expired, none),
    ROW(body_expired, client_gone, body_expired, none),
    ROW(body_expired, drain, body_expired, none),
    ROW(body_expired, evict, body_expired, none),
    ROW(body_expired, close, closed, close),

    ROW(handling, wait_for_request, handling, none),
    ROW(handling, wait_for_header, handling, none),
    ROW(handling, wait_for_body, handling, none),
    ROW(handling, begin_answer, handling, none),
    ROW(handling, end_answer, running, none),
    ROW(handling, begin_stream, handling, none),
    ROW(handling, end_stream, handling, none),
    ROW(handling, begin_write, handling, none),
    ROW(handling, end_write, handling, none),
    ROW(handling, begin_linger, handling, none),
    ROW(handling, deadline, cancelled, cancel_handler),
    ROW(handling, client_half_closed, handling_asked, ask_client),
    ROW(handling, client_gone, abandoned, cancel_handler),
    ROW(handling, drain, handling, none),
    ROW(handling, evict, handling, none),
    ROW(handling, close, abandoned, close_and_cancel_handler),

    ROW(handling_asked, wait_for_request, handling_asked, none),
    ROW(handling_asked, wait_for_header, handling_asked, none),
    ROW(handling_asked, wait_for_body, handling_asked, none),
    ROW(handling_asked, begin_answer, handling_asked, none),
    ROW(handling_asked, end_answer, running, none),
    ROW(handling_asked, begin_stream, handling_asked, none),
    ROW(handling_asked, end_stream, handling_asked, none),
    ROW(handling_asked, begin_write, handling_asked, none),
    ROW(handling_asked, end_write, handling_asked, none),
    ROW(handling_asked, begin_linger, handling_asked, none),
    ROW(handling_asked, deadline, cancelled, cancel_handler),
    ROW(handling_asked, client_half_closed, handling_asked, none),
    ROW(handling_asked, client_gone, abandoned, cancel_handler),
    ROW(handling_asked, drain, handling_asked, none),
    ROW(handling_asked, evict, handling_asked, none),
    ROW(handling_asked, close, abandoned, close_and_cancel_handler),

    ROW(cancelled, wait_for_request, cancelled, none),
    ROW(cancelled, wait_for_header, cancelled, none),
    ROW(cancelled, wait_for_body, cancelled, none),
    ROW(cancelled, begin_answer, cancelled, none),
    ROW(cancelled, end_answer, running, none),
    ROW(cancelled, begin_stream, cancelled, none),
    ROW(cancelled, end_stream, cancelled, none),
    ROW(cancelled, begin_write, cancelled, none),
    ROW(cancelled, end_write, cancelled, none),
    ROW(cancelled, begin_linger, cancelled, none),
    ROW(cancelled, deadline, answered, answer_overdue),
    ROW(cancelled, client_half_closed, cancelled, none),
    ROW(cancelled, client_gone, cancelled, none),
    ROW(cancelled, drain, cancelled, none),
    ROW(cancelled, evict, cancelled, none),
    ROW(cancelled, close, abandoned, close),

    ROW(answered, wait_for_request, answered, none),
    ROW(answered, wait_for_header, answered, none),
    ROW(answered, wait_for_body, answered, none),
    ROW(answered, begin_answer, answered, none),
    ROW(answered, end_answer, closed, none),
    ROW(answered, begin_stream, answered, none),
    ROW(answered, end_stream, answered, none),
    ROW(answered, begin_write, answered, none),
    ROW(answered, end_write, answered, none),
    ROW(answered, begin_linger, answered, none),
    ROW(answered, deadline, answered, none),
    ROW(answered, client_half_closed, answered, none),
    ROW(answered, client_gone, answered, none),
    ROW(answered, drain, answered, none),
    ROW(answered, evict, answered, none),
    ROW(answered, close, answered, close),

    ROW(abandoned, wait_for_request, abandoned, none),
    ROW(abandoned, wait_for_header, abandoned, none),
    ROW(abandoned, wait_for_body, abandoned, none),
    ROW(abandoned, begin_answer, abandoned, none),
    ROW(abandoned, end_answer, closed, none),
    ROW(abandoned, begin_stream, abandoned, none),
    ROW(abandoned, end_stream, abandoned, none),
    ROW(abandoned, begin_write, abandoned, none),
    ROW(abandoned, end_write, abandoned, none),
    ROW(abandoned, begin_linger, abandoned, none),
    ROW(abandoned, deadline, abandoned, none),
    ROW(abandoned, client_half_closed, abandoned, none),
    ROW(abandoned, client_gone, abandoned, none),
    ROW(abandoned, drain, abandoned, none),
    ROW(abandoned, evict, abandoned, none),
    ROW(abandoned, close, abandoned, close),

    ROW(upgraded, wait_for_request, upgraded, none),
    ROW(upgraded, wait_for_header, upgraded, none),
    ROW(upgraded, wait_for_body, upgraded, none),
    ROW(upgraded, begin_answer, upgraded, none),
    ROW(upgraded, end_answer, upgraded, none),
    ROW(upgraded, begin_stream, upgraded, none),
    ROW(upgraded, end_stream, running, none),
    ROW(upgraded, begin_write, upgraded, none),
    ROW(upgraded, end_write, upgraded, none),
    ROW(upgraded, begin_linger, upgraded, none),
    ROW(upgraded, deadline, upgraded, none),
    ROW(upgraded, client_half_closed, upgraded, none),
    ROW(upgraded, client_gone, upgraded, none),
    ROW(upgraded, drain, upgraded, drain_stream),
    ROW(upgraded, evict, upgraded, none),
    ROW(upgraded, close, stream_cut, cut_stream),

    ROW(stream_cut, wait_for_request, stream_cut, none),
    ROW(stream_cut, wait_for_header, stream_cut, none),
    ROW(stream_cut, wait_for_body, stream_cut, none),
    ROW(stream_cut, begin_answer, stream_cut, none),
    ROW(stream_cut, end_answer, stream_cut, none),
    ROW(stream_cut, begin_stream, stream_cut, none),
    ROW(stream_cut, end_stream, closed, none),
    ROW(stream_cut, begin_write, stream_cut, none),
    ROW(stream_cut, end_write, stream_cut, none),
    ROW(stream_cut, begin_linger, stream_cut, none),
    ROW(stream_cut, deadline, stream_cut, none),
    ROW(stream_cut, client_half_closed, stream_cut, none),
    ROW(stream_cut, client_gone, stream_cut, none),
    ROW(stream_cut, drain, stream_cut, none),
    ROW(stream_cut, evict, stream_cut, none),
    ROW(stream_cut, close, stream_cut, cut_stream),

    ROW(writing, wait_for_request, writing, none),
    ROW(writing, wait_for_header, writing, none),
    ROW(writing, wait_for_body, writing, none),
    ROW(writing, begin_answer, writing, none),
    ROW(writing, end_answer, writing, none),
    ROW(writing, begin_stream, writing, none),
    ROW(writing, end_stream, writing, none),
    ROW(writing, begin_write, writing, none),
    ROW(writing, end_write, running, none),
    ROW(writing, begin_linger, writing, none),
    ROW(writing, deadline, closed, reset),
    ROW(writing, client_half_closed, writing, none),
    ROW(writing, client_gone, writing, none),
    ROW(writing, drain, writing, none),
    ROW(writing, evict, writing, none),
    ROW(writing, close, closed, close),

    ROW(lingering, wait_for_request, lingering, none),
    ROW(lingering, wait_for_header, lingering, none),
    ROW(lingering, wait_for_body, lingering, none),
    ROW(lingering, begin_answer, lingering, none),
    ROW(lingering, end_answer, lingering, none),
    ROW(lingering, begin_stream, lingering, none),
    ROW(lingering, end_stream, lingering, none),
    ROW(lingering, begin_write, lingering, none),
    ROW(lingering, end_write, lingering, none),
    ROW(lingering, begin_linger, lingering, none),
    ROW(lingering, deadline, closed, close),
    ROW(lingering, client_half_closed, lingering, none),
    ROW(lingering, client_gone, lingering, none),
    ROW(lingering, drain, lingering, none),
    ROW(lingering, evict, closed, close),
    ROW(lingering, close, closed, close),

    ROW(closed, wait_for_request, closed, none),
    ROW(closed, wait_for_header, closed, none),
    ROW(closed, wait_for_body, closed, none),
    ROW(closed, begin_answer, closed, none),
    ROW(closed, end_answer, closed, none),
    ROW(closed, begin_stream, closed, none),
    ROW(closed, end_stream, closed, none),
    ROW(closed, begin_write, closed, none),
    ROW(closed, end_write, closed, none),
    ROW(closed, begin_linger, closed, none),
    ROW(closed, deadline, closed, none),
    ROW(closed, client_half_closed, closed, none),
    ROW(closed, client_gone, closed, none),
    ROW(closed, drain, closed, none),
    ROW(closed, evict, closed, none),
    ROW(closed, close, closed, none),
};
// clang-format on

#undef ROW

const deadlines short_deadlines{.idle = 1s, .header = 2s, .body = 3s, .handler = 4s, .write = 5s, .drain = 6s};
const connection_fsm::time_point start{100s};

/// The state machine after these events, each at `start`.
connection_fsm machine_after(std::initializer_list<event> events) {
    connection_fsm machine{short_deadlines};
    for (const auto each : events)
        (void)machine.advance(each, start);
    return machine;
}

/// Time from `start` to the deadline; zero if there is none.
std::chrono::milliseconds time_left(const connection_fsm& machine) {
    for (auto time = 0ms; time <= 10s; time += 1ms)
        if (machine.is_due(start + time))
            return time;
    return 0ms;
}

} // namespace

TEST_CASE("the state machine of a connection has one transition for each state and event") {
    test::check_transitions(table, transition, state::closed, event::close);
}

TEST_CASE("each state in which a connection waits has its own deadline") {
    CHECK(time_left(machine_after({})) == 0ms);
    CHECK(time_left(machine_after({event::wait_for_request})) == 1s);
    CHECK(time_left(machine_after({event::wait_for_header})) == 2s);
    CHECK(time_left(machine_after({event::wait_for_body})) == 3s);
    CHECK(time_left(machine_after({event::begin_answer})) == 4s);
    CHECK(time_left(machine_after({event::begin_write})) == 5s);
    CHECK(time_left(machine_after({event::begin_linger})) == 6s);
    CHECK(time_left(machine_after({event::begin_answer, event::end_answer})) == 0ms);
    CHECK(time_left(machine_after({event::wait_for_header, event::deadline})) == 0ms);
    CHECK(time_left(machine_after({event::begin_answer, event::end_answer, event::begin_stream})) == 0ms);
    CHECK(time_left(machine_after({event::close})) == 0ms);
}

TEST_CASE("a byte that arrives does not extend the deadline of the header") {
    auto machine = machine_after({event::wait_for_header});
    (void)machine.advance(event::wait_for_header, start + 1500ms);
    CHECK_FALSE(machine.is_due(start + 1999ms));
    CHECK(machine.is_due(start + 2s));
}

TEST_CASE("the header of the next request has a new deadline") {
    auto machine = machine_after({event::wait_for_header, event::begin_answer, event::end_answer});
    (void)machine.advance(event::wait_for_header, start + 1500ms);
    CHECK_FALSE(machine.is_due(start + 3499ms));
    CHECK(machine.is_due(start + 3500ms));
}

TEST_CASE("if a client closes its sending half, the check whether it still waits does not extend the handler's deadline") {
    auto machine = machine_after({event::begin_answer});
    CHECK(machine.advance(event::client_half_closed, start + 3s) == action::ask_client);
    CHECK(machine.is_handling());
    CHECK_FALSE(machine.is_due(start + 3999ms));
    CHECK(machine.is_due(start + 4s));
}

TEST_CASE("if a cancelled handler has not ended when the deadline is checked again, the server answers without it") {
    auto machine = machine_after({event::begin_answer});
    CHECK(machine.advance(event::deadline, start + 4s) == action::cancel_handler);
    CHECK(machine.is_cancelled());
    CHECK(machine.is_due(start + 4s));
    CHECK(machine.advance(event::deadline, start + 5s) == action::answer_overdue);
    CHECK_FALSE(machine.is_due(start + 10s));
    CHECK(machine.is_cancelled());
    CHECK(machine.advance(event::end_answer, start + 6s) == action::none);
    CHECK(machine.is_closed());
}

} // namespace atrium::http
