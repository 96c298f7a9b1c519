#include "queue_replacement.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr auto mark_pause = 5s;        // the pause before a mark is repeated
constexpr auto late_message_time = 2s; // the wait after the last mark, for messages from nodes that apply the unbinding late
constexpr auto proof_pause = 1min;     // the pause before a failed proof is tried again
constexpr auto node_check_pause = 5s;  // the pause before a failed check of the nodes is repeated
constexpr auto poll_interval = 50ms;   // the interval at which a running proof or check of the nodes is polled
constexpr int max_deletions = 3;       // how often the source is deleted if other processes keep declaring it with a limit
constexpr std::string_view unfinished_upgrade = "finish upgrading every node of the cluster; Atrium tries again automatically";

/// The error if another process has changed the queues since this process connected.
broker_error replaced_elsewhere(const std::string& queue) {
    return {"another process is replacing the queue " + queue + " or has replaced it", "nothing", broker_error::remedy::time};
}

} // namespace

queue_replacement::queue_replacement(connection_settings settings, base_queue base, consumer_functions consumer, logger log)
    : settings_{std::move(settings)}, base_{std::move(base)}, consumer_{std::move(consumer)}, log_{std::move(log)} {}

void queue_replacement::begin(broker_connection& c, const topology::outcome& declared) {
    is_unlimited_ = std::ranges::find(declared.unlimited, base_.name) != declared.unlimited.end();
    if (is_unlimited_)
        require_redelivery(c);
    move_ = find_move(c, declared);
}

void queue_replacement::end() noexcept {
    move_ = {};
    due_action_ = queue_move::action::none;
    timer_ = clock::time_point::max();
    first_mark_ = 0;
    proof_.reset();
    node_check_.reset();
    is_begin_logged_ = false;
}

const std::string& queue_replacement::queue_to_read() const noexcept {
    return move_.is_settled() ? base_.name : move_.source();
}

std::string queue_replacement::queue_being_replaced() const {
    return move_.is_under_way() ? move_.source() : std::string{};
}

void queue_replacement::require_due(broker_connection& c) const {
    if (!move_.is_settled() && !is_due(c))
        throw replaced_elsewhere(move_.source());
}

void queue_replacement::require_not_begun_elsewhere(broker_connection& c) const {
    if (move_.current() == queue_move::state::waiting && c.find_queue(move_.target()))
        throw replaced_elsewhere(move_.source());
}

void queue_replacement::note_message() {
    note(queue_move::event::message_arrived);
}

void queue_replacement::note_probe(std::uint64_t number) {
    if (first_mark_ == 0 || number < first_mark_)
        return;
    first_mark_ = 0;
    note(queue_move::event::mark_arrived);
}

bool queue_replacement::advance(broker_connection& c, const consumer_state& consumer, clock::time_point now) {
    if (move_.is_settled())
        return false;
    if (consumer.is_active)
        note(queue_move::event::active);
    if (proof_)
        follow_proof(c);
    if (node_check_)
        follow_node_check(c);
    if (now >= timer_) {
        timer_ = clock::time_point::max();
        note(queue_move::event::time_passed);
    }
    if (consumer.has_acknowledged_all)
        note(queue_move::event::all_acknowledged);
    while (due_action_ != queue_move::action::none)
        perform(c, std::exchange(due_action_, queue_move::action::none));
    log_begin();
    return move_.current() == queue_move::state::replacing;
}

queue_replacement::clock::time_point queue_replacement::next_advance(clock::time_point now) const noexcept {
    return proof_ || node_check_ ? std::min(timer_, now + poll_interval) : timer_;
}

// The steps of a replacement --------------------------------------------------------------------------------------------------

queue_move queue_replacement::find_move(broker_connection& c, const topology::outcome& declared) const {
    queue_move::queues found;
    if (std::ranges::find(declared.limited, base_.name) != declared.limited.end())
        found.base = delivery_limit::limited;
    else if (is_unlimited_)
        found.base = delivery_limit::unlimited;
    const auto interim = interim_name(base_.name);
    // If the interim queue is being deleted at this moment, the declaration creates an empty interim queue. Probes reach it,
    // and it is then read to its end.
    if (c.find_queue(interim))
        found.interim = base_.topology.declare_for_probes(c, interim, /*is_trial*/ false);
    return {base_.name, found};
}

/// Whether the replacement is still needed: false if another process has finished it in the meantime.
bool queue_replacement::is_due(broker_connection& c) const {
    if (!c.find_queue(move_.source()) || (move_.has_interim() && !c.find_queue(move_.target())))
        return false;
    const auto base = c.declare_queue(base_.name, broker_connection::queue_kind::single_active_quorum);
    return (base == delivery_limit::limited) == move_.is_from_base();
}

void queue_replacement::note(queue_move::event e) {
    const auto action = move_.handle(e);
    if (action == queue_move::action::none)
        return;
    due_action_ = action;
    timer_ = clock::time_point::max(); // the timer belonged to the previous state
    node_check_.reset();
}

void queue_replacement::perform(broker_connection& c, queue_move::action a) {
    using action = queue_move::action;
    switch (a) {
    case action::none: return;
    case action::prove: return begin_proof(c);
    case action::postpone: timer_ = clock::now() + proof_pause; return;
    case action::bind_target:
        base_.topology.declare_for_probes(c, move_.target(), /*is_trial*/ false);
        base_.topology.bind_like(c, base_.name, move_.target());
        return note(queue_move::event::bound);
    case action::send_mark: first_mark_ = send_mark(); return;
    case action::repeat_mark: send_mark(); return;
    case action::settle: timer_ = clock::now() + routing_delay; return;
    case action::check_nodes: return begin_node_check();
    case action::pause_check: timer_ = clock::now() + node_check_pause; return;
    case action::unbind_source:
        base_.topology.unbind_like(c, base_.name, move_.source());
        return note(queue_move::event::unbound);
    case action::rest: timer_ = clock::now() + late_message_time; return;
    case action::replace: return replace_source(c);
    }
}

std::uint64_t queue_replacement::send_mark() {
    const auto number = consumer_.send_probe();
    timer_ = clock::now() + mark_pause;
    return number;
}

/// Called when every message of the source is stored, and all further messages go to the target. The base queue is declared
/// immediately, before a process of an older version declares it with a limit. If such a process was faster, its queue is new,
/// and all messages in it are also in the interim queue, so the new queue can be deleted as well.
void queue_replacement::replace_source(broker_connection& c) {
    require_due(c);
    if (c.inspect_queue(move_.source()).messages > 0)
        return note(queue_move::event::message_arrived);
    for (int i = 0; i < max_deletions; ++i) {
        c.delete_queue(move_.source());
        if (base_.topology.declare(c).limited.empty())
            break;
    }
    log_.info("a queue has been read to its end and is deleted", {{"queue", move_.source()}, {"next", move_.target()}});
}

void queue_replacement::log_begin() {
    if (!move_.is_under_way() || std::exchange(is_begin_logged_, true))
        return;
    log_.warning("a queue is replaced because of its delivery limit",
                 {{"from", move_.source()},
                  {"to", move_.target()},
                  {"what_to_do", "nothing: its messages are read first; until then it still drops those delivered too often"}});
}

// Proofs and checks -----------------------------------------------------------------------------------------------------------

std::string queue_replacement::trial_queue() const {
    return base_.name + ".trial." + base_.consumer_id;
}

/// A queue that was declared in a half-upgraded cluster would lose returned messages. Therefore nothing is received until it is
/// proven that the broker keeps them.
void queue_replacement::require_redelivery(broker_connection& c) {
    if (is_redelivery_proven_)
        return;
    const auto refusal = [](const std::string& message) {
        return broker_error{message, std::string{unfinished_upgrade}, broker_error::remedy::time};
    };
    if (c.version() < negative_limits)
        throw refusal("the queue " + base_.name + " has a delivery limit of -1, which this node of the broker does not know");
    const auto trial = trial_queue();
    base_.topology.declare_for_probes(c, trial, /*is_trial*/ true);
    const auto outcome = prove_redelivery(trial);
    c.begin_delete_queue(trial);
    if (outcome == redelivery_proof::outcome::lost)
        throw refusal("the broker drops messages that are returned to a queue with a delivery limit of -1");
    is_redelivery_proven_ = outcome == redelivery_proof::outcome::kept;
}

/// Waits for the outcome of a proof. If the connection of the proof fails, the outcome is unknown, but the consumer's
/// connection can still be used.
redelivery_proof::outcome queue_replacement::prove_redelivery(const std::string& queue) {
    try {
        redelivery_proof proof{settings_, base_.topology.exchange, queue};
        auto outcome = proof.poll();
        for (; outcome == redelivery_proof::outcome::pending && !consumer_.is_stopping(); outcome = proof.poll())
            proof.wait();
        return outcome;
    } catch (const broker_error& e) {
        return note_unknown(e);
    }
}

redelivery_proof::outcome queue_replacement::note_unknown(const broker_error& why) {
    if (proof_log_.pass())
        log_.warning("it cannot be proven that the broker keeps returned messages",
                     {{"reason", why.what()}, {"what_to_do", why.advice()}});
    return redelivery_proof::outcome::unknown;
}

/// Uses a trial queue, because an interim queue exists only after a proof.
void queue_replacement::begin_proof(broker_connection& c) {
    base_.topology.declare_for_probes(c, trial_queue(), /*is_trial*/ true);
    try {
        proof_ = std::make_unique<redelivery_proof>(settings_, base_.topology.exchange, trial_queue());
    } catch (const broker_error& e) { // not rethrown: reconnecting would return unacknowledged messages to the limited queue
        finish_proof(c, note_unknown(e));
    }
}

void queue_replacement::follow_proof(broker_connection& c) {
    auto outcome = redelivery_proof::outcome::unknown;
    try {
        outcome = proof_->poll();
    } catch (const broker_error& e) { // the consumer's connection is kept, for the reason given in begin_proof
        note_unknown(e);
    }
    if (outcome != redelivery_proof::outcome::pending)
        finish_proof(c, outcome);
}

void queue_replacement::finish_proof(broker_connection& c, redelivery_proof::outcome outcome) {
    proof_.reset();
    c.begin_delete_queue(trial_queue());
    if (outcome == redelivery_proof::outcome::lost && proof_log_.pass())
        log_.warning(
            "a queue with a delivery limit cannot be replaced yet: the broker drops messages that are returned to a new queue",
            {{"queue", move_.source()}, {"what_to_do", unfinished_upgrade}});
    note(outcome == redelivery_proof::outcome::kept ? queue_move::event::proven : queue_move::event::refuted);
}

std::string queue_replacement::node_check_queue(std::uint64_t number) const {
    return trial_queue() + "." + std::to_string(number);
}

void queue_replacement::begin_node_check() {
    node_check_ = std::make_unique<node_check>(settings_, node_check_queue(++node_checks_));
}

void queue_replacement::follow_node_check(broker_connection& c) {
    const auto outcome = node_check_->poll();
    if (outcome == node_check::outcome::pending)
        return;
    if (outcome == node_check::outcome::up) {
        delete_earlier_check_queues(c);
        return note(queue_move::event::nodes_up);
    }
    if (node_log_.pass())
        log_.warning(
            "a queue with a delivery limit is not replaced before every node of the broker is up",
            {{"queue", move_.source()}, {"what_to_do", "start the nodes that are down; Atrium tries again automatically"}});
    note(queue_move::event::node_down);
}

/// If a node goes down during a check, the broker can keep the queue of the check without a leader. Such a queue never expires,
/// so it is deleted once all nodes are up.
void queue_replacement::delete_earlier_check_queues(broker_connection& c) {
    for (; deleted_checks_ + 1 < node_checks_; ++deleted_checks_)
        c.begin_delete_queue(node_check_queue(deleted_checks_ + 1));
    deleted_checks_ = node_checks_; // the broker has confirmed the deletion of the latest queue
}

} // namespace atrium::events::rabbitmq
