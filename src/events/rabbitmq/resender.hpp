#pragma once

#include "core/number_tables.hpp"
#include "core/runner.hpp"
#include "number_responder.hpp"
#include "publisher.hpp"

#include <cstdint>
#include <list>
#include <set>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// Sends events again to the queue of one subscription, with confirms. The events were sent to the broker before, and the
/// receiver ignores those that it has already received.
///
/// The publisher gets these events with seqs of their own, below zero, because the same events may be in flight for the relay
/// as well. Every member runs on the dispatcher's thread.
class resender {
public:
    /// `publisher` outlives the resender. `outlet` is the outlet of the relay.
    resender(const runner_context& c, subscription_id outlet, publisher& publisher,
             std::vector<number_responder::receiver> receivers);

    /// Sends those of the events that were sent to the subscription before. Once the outcome of each of them is known, returns
    /// how many the broker has confirmed. If that takes longer than `patience`, returns unavailable; the next call for the same
    /// events then continues to wait. Errors: conflict (the subscription gets nothing through the broker), unavailable.
    [[nodiscard]] awaitable<result<std::int64_t>> send(subscription_id subscription, std::vector<event_seq> events);
    static constexpr std::chrono::seconds patience{1};

    /// Whether a seq of the publisher belongs to an event that this object has sent.
    [[nodiscard]] static bool is_resent(event_seq seq) noexcept { return seq.value < 0; }
    /// Reports that the broker has confirmed the events with these seqs or, if not `confirmed`, that it cannot carry them.
    void note_settled(const std::vector<event_seq>& seqs, bool confirmed);

    [[nodiscard]] bool is_idle() const noexcept { return batches_.empty(); }
    void stop();

private:
    struct batch {
        subscription_id subscription;
        std::vector<event_seq> events;
        std::set<event_seq> outstanding;
        std::int64_t confirmed = 0;
        steady_timer settlement; ///< cancelled when `outstanding` is empty
    };

    [[nodiscard]] awaitable<result<std::vector<outgoing_event>>> read(const number_responder::receiver& target,
                                                                      const std::vector<event_seq>& events) const;
    [[nodiscard]] std::list<batch>::iterator find(subscription_id subscription, const std::vector<event_seq>& events);
    void begin(batch& b, std::vector<outgoing_event> events);

    runner_context context_;
    subscription_id outlet_;
    publisher& publisher_;
    std::vector<number_responder::receiver> receivers_;
    std::list<batch> batches_;
    std::int64_t last_seq_ = 0; ///< the last seq that was passed to the publisher
    bool stopping_ = false;
};

} // namespace atrium::events::rabbitmq
