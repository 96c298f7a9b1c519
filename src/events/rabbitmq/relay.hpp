#pragma once

#include "core/runner.hpp"
#include "publisher.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace atrium::events::rabbitmq {

/// Hands the deliveries of an outlet to a publisher, one delivery of each key at a time, and removes each delivery from the
/// journal once the broker has confirmed it. Which deliveries are in flight is recorded only in this object; after a crash they
/// are sent again, and receivers recognize them by their ids.
class relay final : public runner {
public:
    /// The names at the broker of the subscriptions whose events are numbered.
    using wire_names = std::vector<std::pair<subscription_id, std::string>>;

    /// `publisher` outlives the relay. At most `window` deliveries are in flight. `numbered` are the subscriptions
    /// whose events are numbered; it is empty for a bridge.
    relay(const runner_context& c, const std::string& outlet, subscription_id id, publisher& publisher, int window,
          wire_names numbered);

    /// Reports that these events need not be sent again, as `publisher_callbacks::settled` does. Like all members, it is called
    /// on the dispatcher's thread.
    void note_settled(const std::vector<event_seq>& seqs);

    /// Reports that AMQP or the broker cannot carry this event, which then becomes a dead letter of the outlet.
    void note_unsendable(event e, std::string reason);

    /// Sends no further events until `resume`.
    void hold() noexcept { is_held_ = true; }
    void resume();
    [[nodiscard]] bool is_idle() const noexcept { return in_flight_.empty(); }

private:
    awaitable<bool> run_once() override;
    [[nodiscard]] bool has_outcomes() const override { return !settled_.empty() || !unsendable_.empty(); }
    awaitable<> remove_settled();
    awaitable<> give_up_unsendable();
    awaitable<> send_heads();
    /// The first delivery of each key, without those in flight.
    struct found_heads {
        std::vector<outgoing_event> to_send;
        std::vector<event> lost; ///< events that are no longer in the journal: only seq and key are set
    };
    [[nodiscard]] found_heads find_heads(storage::snapshot& s) const;
    [[nodiscard]] std::string numbers_of(storage::snapshot& s, event_seq seq) const;

    struct seq_hash {
        std::size_t operator()(event_seq seq) const noexcept { return std::hash<std::int64_t>{}(seq.value); }
    };

    publisher& publisher_;
    const int window_;
    const wire_names numbered_;
    std::unordered_map<event_seq, std::string, seq_hash> in_flight_; ///< keys of the deliveries, by seq
    std::vector<event_seq> settled_; ///< events in flight that are settled, but whose deliveries are still in the journal
    std::deque<failure> unsendable_; ///< deliveries that will become dead letters; they count as in flight
    bool is_held_ = false;           ///< between `hold` and `resume`
};

} // namespace atrium::events::rabbitmq
