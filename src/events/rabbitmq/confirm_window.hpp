#pragma once

#include "number_messages.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>
#include <vector>

namespace atrium::events::rabbitmq {

/// Which events are to be sent, which are sent and not confirmed yet: publisher confirms without I/O. One thread.
///
/// An event is *waiting* until it is sent, then *in flight* under the delivery tag of its message (1, 2, 3... on each
/// connection) until the broker confirms or refuses it. A refused one is *held* until it is released into the waiting ones.
class confirm_window {
public:
    /// At most `limit` events are in flight at once.
    explicit confirm_window(std::size_t limit) : limit_{limit} {}

    /// Behind those that wait.
    void add(std::vector<outgoing_event> events);

    /// The event to send now; null where none waits or the window is full.
    [[nodiscard]] const outgoing_event* next() const noexcept;
    /// `next()` has been sent.
    void sent();
    /// The `seq` of the event in flight that was sent first; empty if none is.
    [[nodiscard]] std::optional<event_seq> oldest_in_flight() const noexcept;
    /// `next()` cannot be sent at all: takes it out.
    [[nodiscard]] outgoing_event withdraw();

    /// The message with this event id came back: no queue took it. Its confirm follows (the broker's order), and is told as
    /// `unroutable`. False for an id that is not in flight.
    [[nodiscard]] bool returned(std::string_view event_id);

    struct outcome {
        std::vector<event_seq> settled;         ///< seqs, in the order in which they were sent
        std::vector<outgoing_event> unroutable; ///< confirmed, but returned before
    };
    /// basic.ack of one tag, or of all up to it (0: of all in flight). Tags that are not in flight are ignored.
    void confirmed(std::uint64_t tag, bool multiple, outcome& settlement);
    /// basic.nack, likewise: the broker could not take them. They are held; the answer is how many.
    std::size_t refused(std::uint64_t tag, bool multiple);

    /// Sends it again after `release`.
    void hold(outgoing_event e);
    [[nodiscard]] bool holding() const noexcept { return !held_.empty(); }
    /// What is held goes before the waiting ones, by seq.
    void release();

    /// Nothing in flight will be confirmed any more: in flight and held go before the waiting ones, by seq; tags begin anew.
    void connection_lost();

    [[nodiscard]] std::size_t in_flight() const noexcept { return unconfirmed_; }
    /// Everything that is not settled.
    [[nodiscard]] std::size_t size() const noexcept { return waiting_.size() + unconfirmed_ + held_.size(); }

private:
    struct flight {
        outgoing_event event;
        bool over = false;
        bool returned = false;
    };

    /// Calls `f` for each flight that a confirm is about.
    template <class F>
    void for_each(std::uint64_t tag, bool multiple, F f);

    std::size_t limit_;
    std::deque<outgoing_event> waiting_;
    std::deque<flight> flights_;  ///< consecutive tags; those that are over leave from the front
    std::uint64_t first_tag_ = 1; ///< of the first flight
    std::size_t unconfirmed_ = 0; ///< flights that are not over
    std::vector<outgoing_event> held_;
};

} // namespace atrium::events::rabbitmq
