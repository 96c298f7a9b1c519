#pragma once

#include "core/journal_tables.hpp"

#include <base/clock.hpp>
#include <events/bus.hpp>
#include <events/feed.hpp>
#include <events/topic_pattern.hpp>
#include <metrics/registry.hpp>
#include <storage/store.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace atrium::events {

/// The way out to the broker's exchange; the others are bridges'.
inline constexpr std::string_view relay_name = "events.relay";

/// The topic under which a message that is no event is kept.
inline constexpr std::string_view unreadable_topic = "events.unreadable_message";

/// The topic under which is kept that events were lost at the broker.
inline constexpr std::string_view lost_topic = "events.lost_at_broker";

/// A way out of this process, recorded like a subscription: what matches its topics waits in the journal until the broker has
/// confirmed it. Its name begins with "events.".
struct outlet {
    std::string name;
    std::vector<std::string> topics;
};

/// Publishes: writes events and their deliveries in the publisher's transaction, and tells after the commit which subscriptions
/// have work.
///
/// Without outlets, published events become deliveries of the local subscriptions. With outlets, they become deliveries of
/// those, and what local subscriptions handle comes in from the broker by `receive`.
///
/// `record` once before the first `publish`. Everything but the constructor runs on the writer's thread, and so does what is
/// kept in memory. Lives until the database is closed.
class journal final : public storage::commit_listener {
public:
    /// Called on the writer's thread after a commit, with the subscriptions that got deliveries. Must not block.
    using notify = std::function<void(std::span<const subscription_id> subscriptions)>;

    /// `watched` is told of every commit that added events.
    journal(const clock& time, notify on_commit, feed& watched, metrics::registry& metrics);

    /// A topic that a subscription named once, and names no more.
    struct stale_topic {
        subscription_id id; ///< of the subscription
        std::string subscription;
        std::string topic;
    };

    /// What is recorded of what this process knows.
    struct recorded {
        std::vector<subscription_id> subscriptions; ///< their ids, in the order given
        std::vector<subscription_id> outlets;
        std::vector<std::string> unclaimed; ///< subscriptions that no module claims any more; they keep gathering
        std::vector<std::string> unused;    ///< outlets that are no more, and still have something to send
        std::vector<stale_topic> stale;     ///< until `forget_stale`
    };
    /// Records what is new, renamed or changed, and routes by it from now on. In a transaction of the owner `events`.
    [[nodiscard]] recorded record(storage::transaction& t, std::span<const subscription> known,
                                  std::span<const outlet> outlets);

    /// These are unbound at the broker. In a transaction of the owner `events`.
    static void forget_stale(storage::transaction& t, std::span<const stale_topic> unbound);

    /// Adds the event to the transaction, whoever owns it. Throws std::logic_error for a topic, key, priority or data that no
    /// event may have.
    void publish(storage::transaction& t, new_event e);

    /// Adds an event that another process, or this one, published through the broker, as a delivery of one subscription. False
    /// where that subscription has taken it in before. Throws std::runtime_error where another event has its id. In a
    /// transaction of the owner `events`, as all that follows.
    bool receive(storage::transaction& t, subscription_id subscription, const event& e);

    /// Keeps what is not an event (`unreadable_topic`, `lost_topic`) as a dead letter of the subscription; `data` describes it
    /// as JSON.
    void make_dead_letter(storage::transaction& t, subscription_id subscription, std::string_view topic, std::string data,
                          std::string_view reason);

    /// Gives this database another identity as a publisher and new delivery numbers to what still waits at `outlet`: it was
    /// restored from a copy, and receivers know numbers that it would give again.
    void renumber(storage::transaction& t, subscription_id outlet);

    /// Hands what waits at the relay to the local subscriptions instead: there is no broker any more. How many events. What
    /// waits for a bridge is for others and stays.
    std::int64_t reroute_to_local(storage::transaction& t);

    /// Puts a dead letter back in line; see durable_bus::retry.
    void retry_dead_letter(storage::transaction& t, subscription_id subscription, event_seq seq);

    void committed() noexcept override;

private:
    struct route {
        subscription_id subscription;
        std::vector<topic_pattern> topics;
        event_seq began;
    };
    struct destination {
        std::vector<subscription_id> subscriptions;
        std::vector<subscription_id> numbered; ///< that receive it through a broker
        metrics::counter published;
    };
    void ensure_identity(storage::transaction& t) const;
    void count_as_received(storage::transaction& t, event_seq seq) const;
    event complete(new_event e) const;
    const destination& destination_of(const std::string& topic);
    [[nodiscard]] event_seq append(storage::transaction& t, const event& e);
    void deliver(storage::transaction& t, subscription_id subscription, const event& e);
    void deliver_history(storage::transaction& t, subscription_id subscription, std::span<const topic_pattern> topics);
    [[nodiscard]] delivery_place next_place() noexcept { return {++last_place_.value}; }
    void mark_dirty(storage::transaction& t, subscription_id subscription);

    const clock& time_;
    notify on_commit_;
    feed& watched_;
    metrics::registry& metrics_;
    std::vector<route> local_;
    std::vector<route> outlets_;
    std::vector<route> numbered_; ///< with outlets: the subscriptions of all modules that are compiled in
    std::unordered_map<std::string, destination> destinations_; ///< by topic, filled as topics come
    delivery_place last_place_;                                 ///< given to a delivery
    std::vector<subscription_id> dirty_;                        ///< by the batch that is being gathered
    bool grew_ = false;                                         ///< in that batch
};

} // namespace atrium::events
