#pragma once

#include "core/dead_letter_tables.hpp"
#include "core/journal_tables.hpp"

#include <base/clock.hpp>
#include <events/bulk_operation.hpp>
#include <events/bus.hpp>
#include <events/feed.hpp>
#include <events/topic_pattern.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::events {

/// The name of the outlet to the broker's exchange. All other outlets belong to bridges.
inline constexpr std::string_view relay_name = "events.relay";

/// The topic under which a message that is not an event is stored.
inline constexpr std::string_view unreadable_topic = "events.unreadable_message";

/// The topic of a dead letter which records that events were lost at the broker.
inline constexpr std::string_view lost_topic = "events.lost_at_broker";

/// The id under which the runner of scheduled events is notified. No subscription has it, because their ids are positive.
inline constexpr subscription_id schedule_id{0};

/// A path out of this process, recorded like a subscription: events that match its topics wait in the journal until the broker
/// has confirmed them. Its name begins with "events.".
struct outlet {
    std::string name;
    std::vector<std::string> topics;
};

/// Writes events and their deliveries in the publisher's transaction, and reports after the commit which subscriptions have
/// work.
///
/// Without outlets, published events become deliveries of the local subscriptions. With outlets, they become deliveries of the
/// outlets, and the events for local subscriptions come back from the broker through `receive`.
///
/// Call `record` once before the first `publish`. Call all functions except the constructor on the writer's thread. The journal
/// must live until the database is closed.
class journal final : public storage::commit_listener {
public:
    /// Called on the writer's thread after a commit, with the subscriptions that got deliveries. Must not block.
    using notify = std::function<void(std::span<const subscription_id> subscriptions)>;

    /// `followed_feed` is notified of every commit that added events.
    journal(const clock& time, notify on_commit, feed& followed_feed, metrics::registry& metrics);

    /// A topic that a subscription no longer lists, but that may still be bound to its queue at the broker.
    struct stale_topic {
        subscription_id id; ///< the id of the subscription
        std::string subscription;
        std::string topic;
    };

    /// The ids of the recorded subscriptions and outlets, and remains of earlier configurations.
    struct record_result {
        std::vector<subscription_id> subscriptions; ///< in the order of the argument `known`
        std::vector<subscription_id> outlets;
        std::vector<std::string> unclaimed; ///< subscriptions that no module has any more; their events accumulate
        std::vector<std::string> unused;    ///< outlets that are no longer configured but still have events to send
        std::vector<stale_topic> stale;     ///< topics that `forget_stale` has not removed yet
    };
    /// Records new, renamed and changed subscriptions and outlets, and uses them for routing from now on. `known` are the
    /// subscriptions of all modules that are compiled in. Call it in a transaction of the owner `events`, which is the only
    /// owner that may use the journal's tables (storage/store.hpp).
    [[nodiscard]] record_result record(storage::transaction& t, std::span<const subscription> known,
                                       std::span<const outlet> outlets);

    /// Forgets topics that have been unbound at the broker. Call it in a transaction of the owner `events`.
    static void forget_stale(storage::transaction& t, std::span<const stale_topic> unbound);

    /// Adds the event to the transaction, which may belong to any owner, and returns its seq. An event whose
    /// `deliver_at` is in the future gets its deliveries from `deliver_due`. Throws std::logic_error if its topic, key,
    /// priority or data is invalid.
    event_seq publish(storage::transaction& t, new_event e);

    /// Adds an event that this or another process published through the broker, as a delivery of one subscription. Adds
    /// nothing and returns false if the subscription has already received the event, or began after the event was published.
    /// Throws std::runtime_error if the journal has another event with this id. This and the functions below run in a
    /// transaction of the owner `events`.
    bool receive(storage::transaction& t, subscription_id subscription, const event& e);

    /// The result of `deliver_due`.
    struct due_events {
        std::int64_t delivered = 0;
        std::vector<event_seq> lost; ///< events that the log no longer has
    };
    /// Creates the deliveries of up to `limit` scheduled events that are due, in the order of due time and seq.
    [[nodiscard]] due_events deliver_due(storage::transaction& t, int limit);

    /// Stores something that is not an event as a dead letter of the subscription: a message that cannot be read
    /// (`unreadable_topic`), or the loss of events (`lost_topic`). `data` describes it as JSON.
    void make_dead_letter(storage::transaction& t, subscription_id subscription, std::string_view topic, std::string data,
                          std::string_view reason);

    /// Gives this database a new publisher id, and assigns new delivery numbers to the events that still wait at `outlet`.
    /// Needed after the database was restored from a backup, because receivers may already know other events by the numbers
    /// that it would assign next.
    void renumber(storage::transaction& t, subscription_id outlet);

    /// Moves the events that wait at the relay to the local subscriptions. For a process that no longer uses a broker. Returns
    /// the number of those events. Events that wait at a bridge stay there, because they are meant for other programs.
    std::int64_t reroute_to_local(storage::transaction& t);

    /// Makes a dead letter pending again. Returns false if it is not a dead letter.
    [[nodiscard]] bool retry_dead_letter(storage::transaction& t, const dead_letter_place& place);

    /// Adds an event that corrects `original`, the event of a dead letter. Only the subscription of the dead letter gets it.
    /// Returns the seq of the new event.
    event_seq publish_correction(storage::transaction& t, const dead_letter_place& place, const event& original,
                                 std::string data, const initiator& origin);

    /// Delivers an event of the log to the subscription again; `replay` is the id of the replay. Returns false if the
    /// subscription still has a pending delivery or a dead letter with this event.
    bool redeliver(storage::transaction& t, subscription_id subscription, const event& e, std::string_view replay);

    /// Reports after the commit that the subscription has work.
    void wake(storage::transaction& t, subscription_id subscription) { mark_dirty(t, subscription); }

    void committed() noexcept override;

private:
    /// A subscription or outlet, and the events that it gets.
    struct route {
        subscription_id subscription;
        std::vector<topic_pattern> topics;
        event_seq began; ///< the subscription or outlet gets the events after this seq
    };
    /// Where the events of one topic go.
    struct destination {
        std::vector<subscription_id> subscriptions;
        std::vector<subscription_id> numbered; ///< subscriptions that get these events, with delivery numbers, through a broker
        metrics::counter published;
    };
    void ensure_identity(storage::transaction& t) const;
    void count_as_received(storage::transaction& t, event_seq seq) const;
    event complete(new_event e) const;
    const destination& destination_of(const std::string& topic);
    [[nodiscard]] event_seq append(storage::transaction& t, const event& e, std::string_view request_id = {});
    void deliver(storage::transaction& t, subscription_id subscription, const event& e);
    void deliver_scheduled(storage::transaction& t, const event& e);
    void deliver_history(storage::transaction& t, subscription_id subscription, std::span<const topic_pattern> topics);
    [[nodiscard]] delivery_place next_place() noexcept { return {++last_place_.value}; }
    void mark_dirty(storage::transaction& t, subscription_id subscription);

    const clock& time_;
    notify on_commit_;
    feed& feed_;
    metrics::registry& metrics_;
    std::vector<route> local_;
    std::vector<route> outlets_;
    std::vector<route>
        numbered_; ///< if there are outlets, the subscriptions of all modules that are compiled in; otherwise empty
    std::unordered_map<std::string, destination> destinations_; ///< by topic; filled on first use
    delivery_place last_place_;                                 ///< the last place that was assigned to a delivery
    std::vector<subscription_id> dirty_;                        ///< subscriptions with new deliveries since the last commit
    bool grew_ = false;                                         ///< whether an event was added since the last commit
};

} // namespace atrium::events
