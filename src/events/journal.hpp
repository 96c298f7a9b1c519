#pragma once

#include "journal_tables.hpp"

#include <base/clock.hpp>
#include <base/log.hpp>
#include <events/bus.hpp>
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

/// Publishes: writes events and their deliveries in the publisher's transaction, and tells after the commit which subscriptions
/// have work.
///
/// `record` once before the first `publish`. `publish` runs on the writer's thread only, and so does what it keeps in memory.
/// Lives until the database is closed.
class journal final : public storage::commit_listener {
public:
    /// Called on the writer's thread after a commit, with the subscriptions that got deliveries. Must not block.
    using notify = std::function<void(std::span<const std::int64_t> subscriptions)>;

    journal(const clock& time, notify on_commit, metrics::registry& metrics);

    /// Records the subscriptions that this process knows and routes to all that are recorded; the ids of the known, in their
    /// order. Those that no module claims any more keep gathering; `unclaimed` gets their names. Within a transaction of the
    /// owner `events`.
    std::vector<std::int64_t> record(storage::transaction& t, std::span<const subscription> known,
                                     std::vector<std::string>& unclaimed);

    /// Adds the event to the transaction, whoever owns it. Throws std::logic_error for a topic, key, priority or data that no
    /// event may have.
    void publish(storage::transaction& t, new_event e);

    /// Makes `on_commit` name this subscription after the commit of `t`.
    void touch(storage::transaction& t, std::int64_t subscription);

    void committed() noexcept override;

private:
    struct route {
        std::int64_t subscription;
        std::vector<topic_pattern> topics;
    };
    struct destination {
        std::vector<std::int64_t> subscriptions;
        metrics::counter published;
    };
    const destination& destination_of(const std::string& topic);

    const clock& time_;
    notify on_commit_;
    metrics::registry& metrics_;
    std::vector<route> routes_;
    std::unordered_map<std::string, destination> destinations_; ///< by topic, filled as topics come
    std::vector<std::int64_t> touched_;                         ///< by the batch that is being gathered
};

} // namespace atrium::events
