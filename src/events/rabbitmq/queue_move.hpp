#pragma once

#include "delivery_limit.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// The queue that stands in for `queue` while that is declared anew.
[[nodiscard]] std::string interim_name(std::string_view queue);

/// The replacement of a queue that has a delivery limit, as a state machine without I/O. The arguments of a queue cannot
/// change: such a queue is emptied into an interim queue, which later gets the old name in the same way.
///
/// The target is bound before the source is unbound, and the source is read to its end before the target is read. An event that
/// is in both has one id and is stored once.
///
/// Nothing is known beside the queues themselves, so a process that ends in any state leaves all that the next one needs. An
/// interim queue exists only after a proof, may hold events that no other queue has, and is deleted only at its end. A mark
/// that arrives proves that this process is the active consumer, which the broker does not report: nothing is unbound before.
///
/// Every connection begins with a new one. One thread.
class queue_move {
public:
    /// What the broker shows about the two queues.
    struct queues {
        delivery_limit base = delivery_limit::unspecified;
        std::optional<delivery_limit> interim; ///< empty if there is no interim queue
    };

    enum class state {
        settled,   ///< nothing is to be replaced, or another node has to decide it
        waiting,   ///< until something comes through the base queue: this process is its active consumer then
        proving,   ///< whether a new queue keeps a message that is returned
        postponed, ///< it does not: tried again later
        resuming,  ///< until this process seems to be the active consumer of the base queue; there is an interim queue already
        returning, ///< likewise, of the interim queue; the base queue has been replaced and is bound
        binding,   ///< the target
        marking,   ///< the target is bound; a mark is on its way through the source
        settling,  ///< the mark has come; a node may not route to the target yet
        surveying, ///< whether every node is up: nothing is unbound before
        unbinding, ///< the source
        closing,   ///< the source is unbound; another mark is on its way through it
        resting,   ///< the mark has come; what another node has routed late may follow
        emptying,  ///< the source is read; not everything is acknowledged yet
        checking,  ///< whether every node is still up: nothing is deleted before
        replacing, ///< the source is being deleted
    };
    enum class event {
        active,           ///< this process receives what the source holds, as far as it can know
        proven,           ///< a new queue has delivered a returned message again
        refuted,          ///< it has not
        bound,            ///< the target, confirmed by the broker
        unbound,          ///< the source, confirmed by the broker
        mark_arrived,     ///< the newest mark or a repetition of it
        message_arrived,  ///< through the source, other than a probe; or one waits there
        nodes_up,         ///< every node of the broker's cluster has answered
        node_down,        ///< one has not, as far as can be known
        all_acknowledged, ///< nothing that has arrived is unacknowledged
        time_passed,      ///< since the last mark, rest or pause, or since the proof failed
    };
    enum class action {
        none,
        prove,         ///< return a message to a trial queue; then `proven` or `refuted`
        postpone,      ///< `time_passed` follows in a minute
        bind_target,   ///< declare it first; then `bound`
        send_mark,     ///< a new one: only marks that are sent from now on count
        repeat_mark,   ///< it may be lost, or may have expired behind a long backlog
        settle,        ///< `time_passed` follows when every node routes to the target
        check_nodes,   ///< then `nodes_up` or `node_down`
        pause_check,   ///< `time_passed` follows in some seconds
        unbind_source, ///< then `unbound`
        rest,          ///< `time_passed` follows in two seconds
        replace,       ///< delete the source, and declare and bind the base queue
    };

    queue_move() = default;
    queue_move(std::string base, const queues& found);

    [[nodiscard]] action resume(event e) noexcept;

    [[nodiscard]] state current() const noexcept { return state_; }
    [[nodiscard]] bool is_settled() const noexcept { return state_ == state::settled; }
    /// Whether there is an interim queue: a process has begun, and the base queue may be unbound, so that no event comes.
    [[nodiscard]] bool has_interim() const noexcept { return state_ >= state::resuming; }
    /// Whether the target is bound, or about to be.
    [[nodiscard]] bool is_under_way() const noexcept { return state_ >= state::binding; }

    /// The queue to read.
    [[nodiscard]] const std::string& source() const noexcept { return source_; }
    [[nodiscard]] const std::string& target() const noexcept { return target_; }
    [[nodiscard]] bool is_from_base() const noexcept { return is_from_base_; }

private:
    state state_ = state::settled;
    bool is_from_base_ = true;
    std::string source_;
    std::string target_;
};

} // namespace atrium::events::rabbitmq
