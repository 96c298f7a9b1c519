#include "queue_move.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using state = queue_move::state;
using event = queue_move::event;
using action = queue_move::action;

struct transition {
    state from;
    queue_move::event event;
    state to;
    queue_move::action action;
};

constexpr std::array transitions{
    transition{state::waiting, event::active, state::proving, action::prove},
    transition{state::proving, event::proven, state::binding, action::bind_target},
    transition{state::proving, event::refuted, state::postponed, action::postpone},
    transition{state::postponed, event::time_passed, state::proving, action::prove},
    transition{state::resuming, event::active, state::binding, action::bind_target},
    transition{state::returning, event::active, state::marking, action::send_mark},
    transition{state::binding, event::bound, state::marking, action::send_mark},
    transition{state::marking, event::time_passed, state::marking, action::repeat_mark},
    transition{state::marking, event::mark_arrived, state::settling, action::settle},
    transition{state::settling, event::time_passed, state::surveying, action::check_nodes},
    transition{state::surveying, event::nodes_up, state::unbinding, action::unbind_source},
    transition{state::surveying, event::node_down, state::surveying, action::pause_check},
    transition{state::surveying, event::time_passed, state::surveying, action::check_nodes},
    transition{state::unbinding, event::unbound, state::closing, action::send_mark},
    transition{state::closing, event::time_passed, state::closing, action::repeat_mark},
    transition{state::closing, event::mark_arrived, state::resting, action::rest},
    // A message that arrives in `resting` or in a later state is late: a node did not know the target yet, or a publisher has
    // connected and bound the source again. So the source is unbound again.
    transition{state::resting, event::message_arrived, state::unbinding, action::unbind_source},
    transition{state::resting, event::time_passed, state::emptying, action::none},
    transition{state::emptying, event::message_arrived, state::unbinding, action::unbind_source},
    transition{state::emptying, event::all_acknowledged, state::checking, action::check_nodes},
    transition{state::checking, event::message_arrived, state::unbinding, action::unbind_source},
    transition{state::checking, event::nodes_up, state::replacing, action::replace},
    transition{state::checking, event::node_down, state::checking, action::pause_check},
    transition{state::checking, event::time_passed, state::checking, action::check_nodes},
    transition{state::replacing, event::message_arrived, state::unbinding, action::unbind_source},
};

/// Whether the base queue is the new one, so that the interim queue is read before it. As long as the base queue is the old
/// one, the interim queue is read after it. A node of RabbitMQ 3 cannot distinguish a new base queue from an old one. At such a
/// node, the base queue counts as the new one only if the interim queue was created at a node of RabbitMQ 3, too.
bool is_base_replaced(const queue_move::queues& found) {
    return found.base == delivery_limit::unlimited || found.interim == delivery_limit::unspecified;
}

} // namespace

std::string interim_name(std::string_view queue) {
    return std::string{queue}.append(".interim");
}

queue_move::queue_move(std::string base, const queues& found) : source_{std::move(base)}, target_{interim_name(source_)} {
    if (found.base == delivery_limit::limited) {
        state_ = found.interim ? state::resuming : state::waiting;
    } else if (found.interim && is_base_replaced(found)) {
        state_ = state::returning;
        is_from_base_ = false;
        std::swap(source_, target_);
    }
}

action queue_move::handle(event e) noexcept {
    const auto found = std::ranges::find_if(transitions, [&](const transition& t) { return t.from == state_ && t.event == e; });
    if (found == transitions.end())
        return action::none;
    state_ = found->to;
    return found->action;
}

} // namespace atrium::events::rabbitmq
