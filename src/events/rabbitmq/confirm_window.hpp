#pragma once

#include "number_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

/// Tracks which events are to be sent and which are sent but not confirmed yet: publisher confirms without I/O. One thread.
///
/// An event is *waiting* until it is sent, then *in flight* under the delivery tag of its message (1, 2, 3... on each
/// connection) until the broker confirms or refuses it. A refused event is *held* until it is released, which makes it waiting
/// again.
class confirm_window {
public:
    /// At most `limit` events are in flight at the same time.
    explicit confirm_window(std::size_t limit) : limit_{limit} {}

    /// Adds events after those that wait.
    void add(std::vector<outgoing_event> events);

    /// The event to send next; null if no event waits or the window is full.
    [[nodiscard]] const outgoing_event* next() const noexcept;
    /// Call it after `next()` has been sent.
    void note_sent();
    /// The `seq` of the event in flight that was sent first; empty if no event is in flight.
    [[nodiscard]] std::optional<event_seq> oldest_in_flight() const noexcept;
    /// Removes and returns `next()`, for an event that cannot be sent at all.
    [[nodiscard]] outgoing_event withdraw();

    /// Records that the message with this event id was returned, because it was not routed to any queue. Once its confirm has
    /// followed, the event is reported as `unroutable`. Returns false for an id that is not in flight.
    [[nodiscard]] bool note_returned(std::string_view event_id);

    struct outcome {
        std::vector<event_seq> settled;         ///< confirmed events that had reached a queue, in the order of the confirms
        std::vector<outgoing_event> unroutable; ///< returned before they were confirmed
    };
    /// Records a basic.ack of `tag` or, if `multiple`, of all tags up to `tag`; 0 then means all tags in flight. Tags that are
    /// not in flight are ignored.
    void note_confirmed(std::uint64_t tag, bool multiple, outcome& settlement);
    /// Records a basic.nack in the same way. It means that the broker could not accept the messages, so their events are held.
    /// Returns the number of these events.
    std::size_t note_refused(std::uint64_t tag, bool multiple);

    /// Holds an event, to be sent again after `release`.
    void hold(outgoing_event e);
    [[nodiscard]] bool has_held() const noexcept { return !held_.empty(); }
    /// Puts the held events, ordered by seq, before the waiting ones.
    void release();

    /// Call it when the events in flight can no longer be confirmed. Sorts the events in flight and the held ones together by
    /// seq, and puts them before the waiting ones. Tags start again at 1.
    void note_connection_lost();

    [[nodiscard]] std::size_t in_flight() const noexcept { return unconfirmed_; }
    /// The number of events that are not settled.
    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + unconfirmed_ + held_.size(); }

private:
    struct flight {
        outgoing_event event;
        bool is_finished = false;
        bool is_returned = false;
    };

    /// Finishes the flights that a confirm covers, and calls `f` for each of them.
    template <class F>
    void finish_each(std::uint64_t tag, bool multiple, F f);

    std::size_t limit_;
    std::deque<outgoing_event> waiting_;
    std::deque<flight> flights_;  ///< with consecutive tags; finished ones are removed at the front
    std::uint64_t first_tag_ = 1; ///< the tag of the first flight
    std::size_t unconfirmed_ = 0; ///< flights that are not finished
    std::vector<outgoing_event> held_;
};

} // namespace atrium::events::rabbitmq
