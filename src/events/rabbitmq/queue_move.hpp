#pragma once

#include "delivery_limit.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace atrium::events::rabbitmq {

/// The name of the queue that takes the place of `queue` while `queue` is being replaced.
[[nodiscard]] std::string interim_name(std::string_view queue);

/// The replacement of a queue that has a delivery limit, as a state machine without I/O. The arguments of a queue cannot be
/// changed. So an interim queue takes over from the old queue, and later a new queue with the old name takes over from the
/// interim queue in the same way.
///
/// The target is bound before the source is unbound, and the source is read to its end before the target is read. An event in
/// both queues is stored once, because it has the same id.
///
/// The queues themselves are the only state, so a process that ends at any step leaves everything that the next one needs. An
/// interim queue exists only after a proof, may contain events that are in no other queue, and is deleted only after it was
/// read to its end. A mark is a probe that is sent through the source. Its arrival proves that this process is the active
/// consumer, which the broker does not report; nothing is unbound before that.
///
/// Each connection begins with a new object. One thread.
class queue_move {
public:
    /// What the broker shows about the two queues.
    struct queues {
        delivery_limit base = delivery_limit::unspecified;
        std::optional<delivery_limit> interim; ///< empty if there is no interim queue
    };

    enum class state {
        settled,   ///< nothing has to be replaced, or only a process that uses a newer node of the broker can decide that
        waiting,   ///< for a message through the base queue, which shows that this process is its active consumer
        proving,   ///< checking whether a new queue keeps a returned message
        postponed, ///< it does not keep the message, or that is unknown; the proof is tried again later
        resuming,  ///< there is an interim queue; waiting until this process seems to be the base queue's active consumer
        returning, ///< as `resuming`, but for the interim queue; the base queue has been replaced and is bound
        binding,   ///< the target is being bound
        marking,   ///< the target is bound; a mark is on its way through the source
        settling,  ///< the mark has come; a node may not route to the target yet
        surveying, ///< checking whether every node is up; nothing is unbound before that
        unbinding, ///< the source is being unbound
        closing,   ///< the source is unbound; another mark is on its way through it
        resting,   ///< the mark has come; messages that another node has routed late may follow
        emptying,  ///< the source is read; not everything is acknowledged yet
        checking,  ///< checking whether every node is still up; nothing is deleted before that
        replacing, ///< the source is being deleted
    };
    enum class event {
        active,           ///< this process is the source's active consumer, as far as it can know
        proven,           ///< a new queue has delivered a returned message again
        refuted,          ///< a new queue has not delivered the message again, or that is unknown
        bound,            ///< the broker has confirmed the binding of the target
        unbound,          ///< the broker has confirmed the unbinding of the source
        mark_arrived,     ///< the newest mark or a repetition of it has come
        message_arrived,  ///< a message other than a probe has come through the source, or waits in it
        nodes_up,         ///< every node of the broker's cluster has responded
        node_down,        ///< a node has not responded, as far as can be known
        all_acknowledged, ///< every message that has arrived is acknowledged
        time_passed, ///< the time that the last `send_mark`, `repeat_mark`, `settle`, `pause_check`, `rest` or `postpone` has
                     ///< started is over
    };
    enum class action {
        none,
        prove,         ///< return a message to a trial queue; then `proven` or `refuted`
        postpone,      ///< `time_passed` follows in a minute
        bind_target,   ///< declare the target and bind it; then `bound`
        send_mark,     ///< send a new mark; only marks sent from now on count
        repeat_mark,   ///< the mark may be lost, or may have expired behind a long backlog
        settle,        ///< `time_passed` follows when every node routes to the target
        check_nodes,   ///< then `nodes_up` or `node_down`
        pause_check,   ///< `time_passed` follows in some seconds
        unbind_source, ///< then `unbound`
        rest,          ///< `time_passed` follows in two seconds
        replace,       ///< delete the source, and declare and bind the base queue
    };

    queue_move() = default;
    queue_move(std::string base, const queues& found);

    /// Returns the action that the event makes necessary; `none` if the event does not matter in the present state.
    [[nodiscard]] action resume(event e) noexcept;

    [[nodiscard]] state current() const noexcept { return state_; }
    [[nodiscard]] bool is_settled() const noexcept { return state_ == state::settled; }
    /// Whether there is an interim queue, or it is being declared. If there is one, a replacement has begun, and the base queue
    /// may be unbound, so that it gets no events.
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
