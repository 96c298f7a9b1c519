#pragma once

#include "delivery_limit.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// The name of the queue that is used in place of `queue` while `queue` is being replaced.
[[nodiscard]] std::string interim_name(std::string_view queue);

/// The replacement of a queue that has a delivery limit, as a state machine without I/O. The arguments of a queue cannot be
/// changed, so an interim queue replaces the old queue, and then a new queue with the old name replaces the interim queue in
/// the same way.
///
/// Each of these two replacements has a source, which is read and then deleted, and a target, which takes the place of the
/// source. The target is bound before the source is unbound, and the source is read to its end before the target is read. An
/// event in both queues is stored once, because it has the same id.
///
/// The queues themselves are the only state, so a process can end at any step, and the next process continues. An interim queue
/// is declared only after a proof (see `state::proving`), may contain events that are in no other queue, and is deleted only
/// after it was read to its end. A mark is a probe that is sent through the source. Its arrival proves that this process is the
/// active consumer, which the broker does not report; nothing is unbound before that.
///
/// Each connection begins with a new object. One thread.
class queue_move {
public:
    /// The state of the two queues at the broker.
    struct queues {
        delivery_limit base = delivery_limit::unspecified;
        std::optional<delivery_limit> interim; ///< empty if there is no interim queue
    };

    enum class state {
        settled,   ///< no queue has to be replaced, or this process cannot know, because its node of the broker is too old
        waiting,   ///< waiting for a message from the base queue, which shows that this process is its active consumer
        proving,   ///< checking whether a new queue keeps a returned message
        postponed, ///< a new queue does not keep the message, or this is unknown; the proof is tried again later
        resuming,  ///< there is an interim queue; waiting until this process seems to be the base queue's active consumer
        returning, ///< like `resuming`, but for the interim queue; the base queue has been replaced and is bound
        binding,   ///< the target is being bound
        marking,   ///< the target is bound; a mark is on its way through the source
        settling,  ///< the mark has come; a node may not route to the target yet
        surveying, ///< checking whether every node is up; nothing is unbound before that
        unbinding, ///< the source is being unbound
        closing,   ///< the source is unbound; another mark is on its way through it
        resting,   ///< the mark has come; messages that another node has routed late may follow
        emptying,  ///< the source has been read to its end; not everything is acknowledged yet
        checking,  ///< checking whether every node is still up; nothing is deleted before that
        replacing, ///< the source is being deleted
    };
    enum class event {
        active,           ///< as far as this process can know, it is the source's active consumer
        proven,           ///< a new queue has delivered a returned message again
        refuted,          ///< a new queue has not delivered the message again, or this is unknown
        bound,            ///< the broker has confirmed the binding of the target
        unbound,          ///< the broker has confirmed the unbinding of the source
        mark_arrived,     ///< the newest mark or a repetition of it has come
        message_arrived,  ///< a message other than a probe has come through the source, or waits in it
        nodes_up,         ///< every node of the broker's cluster has responded
        node_down,        ///< as far as can be known, a node has not responded
        all_acknowledged, ///< every message that has arrived is acknowledged
        time_passed,      ///< the time that began with the last `send_mark`, `repeat_mark`, `settle`, `pause_check`, `rest` or
                          ///< `postpone` has passed
    };
    enum class action {
        none,
        prove,         ///< return a message to a trial queue; `proven` or `refuted` follows
        postpone,      ///< `time_passed` follows in a minute
        bind_target,   ///< declare the target and bind it; `bound` follows
        send_mark,     ///< send a new mark; only marks sent from now on count
        repeat_mark,   ///< send the mark again, because it may be lost, or may have expired behind a long backlog
        settle,        ///< `time_passed` follows when every node routes to the target
        check_nodes,   ///< `nodes_up` or `node_down` follows
        pause_check,   ///< `time_passed` follows in a few seconds
        unbind_source, ///< `unbound` follows
        rest,          ///< `time_passed` follows in two seconds
        replace,       ///< delete the source, and declare and bind the base queue
    };

    queue_move() = default;
    queue_move(std::string base, const queues& found);

    /// Returns the action that the event makes necessary; `none` if the event does not matter in the present state.
    [[nodiscard]] action handle(event e) noexcept;

    [[nodiscard]] state current() const noexcept { return state_; }
    [[nodiscard]] bool is_settled() const noexcept { return state_ == state::settled; }
    /// Whether there is an interim queue, or it is being declared. If there is one, a replacement has begun, and the base queue
    /// may be unbound and get no events.
    [[nodiscard]] bool has_interim() const noexcept { return state_ >= state::resuming; }
    /// Whether the target is bound or is being bound.
    [[nodiscard]] bool is_under_way() const noexcept { return state_ >= state::binding; }

    /// The queue that is read now and is deleted at the end, and the queue that takes its place.
    [[nodiscard]] const std::string& source() const noexcept { return source_; }
    [[nodiscard]] const std::string& target() const noexcept { return target_; }
    /// Whether the source is the base queue and not the interim queue.
    [[nodiscard]] bool is_from_base() const noexcept { return is_from_base_; }

private:
    state state_ = state::settled;
    bool is_from_base_ = true;
    std::string source_;
    std::string target_;
};

} // namespace atrium::events::rabbitmq
