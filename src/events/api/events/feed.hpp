#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/event.hpp>
#include <events/settings.hpp>
#include <events/topic_pattern.hpp>
#include <storage/store.hpp>

#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace atrium::events {

/// The journal as a stream: events published here or received from elsewhere, in the order of `seq`, each event once. A
/// follower is not a durable subscription: it records nothing and delays no other reader.
///
/// Followers of one thread that are up to date share one read of the journal for each commit. Followers that read older events
/// take turns, and skip ranges of the journal that are known to contain no match.
///
/// Any thread that runs an io_context. Outlives its followers; the database outlives it.
class feed {
public:
    /// `journal` is the store of the owner `events`.
    explicit feed(storage::store journal, feed_settings settings = {});
    ~feed();
    feed(const feed&) = delete;
    feed& operator=(const feed&) = delete;

    /// One reader on one thread. It reads from the journal at its own pace, so events do not accumulate in memory for a slow
    /// follower.
    class follower {
    public:
        ~follower();
        follower(const follower&) = delete;
        follower& operator=(const follower&) = delete;

        /// Waits for matching events and returns the next ones: at least one, at most a hundred. One call at a time. If it is
        /// cancelled, it throws `operation_aborted` and no event is lost. Errors: not_found (events that the follower has not
        /// seen are no longer kept), unavailable.
        [[nodiscard]] awaitable<result<std::vector<event>>> next();

        /// The seq after which `next` continues.
        [[nodiscard]] event_seq seen() const noexcept;

    private:
        friend class feed;
        struct state;
        explicit follower(std::unique_ptr<state> s);

        std::unique_ptr<state> state_;
    };

    /// Follows from now on, or from the event after `last_seen`. Errors: not_found (the event after `last_seen` is no longer
    /// kept), malformed (`last_seen` is negative or later than the last event), unavailable (the limit in `feed_settings` is
    /// reached, or the journal cannot be read).
    [[nodiscard]] awaitable<result<std::unique_ptr<follower>>> follow(topic_pattern topic, std::optional<event_seq> last_seen);

    /// The number of followers. Any thread.
    [[nodiscard]] int followers() const noexcept;

    /// Call it after a commit that added events, on the writer's thread.
    void on_committed() noexcept;

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

} // namespace atrium::events
