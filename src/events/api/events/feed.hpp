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

/// The journal as a stream: what was published here and what this process received from elsewhere, in the order of `seq`, each
/// event once. A follower is not a durable subscription: it records nothing and holds nothing back.
///
/// Followers of one thread that are up to date share one read of the journal for each commit. Those that read older events take
/// turns, and skip ranges of the journal that are known to hold nothing for them.
///
/// Any thread that runs an io_context. Outlives its followers; the database outlives it.
class feed {
public:
    /// `journal` is the store of the owner `events`.
    explicit feed(storage::store journal, feed_settings settings = {});
    ~feed();
    feed(const feed&) = delete;
    feed& operator=(const feed&) = delete;

    /// One reader, on one thread. Reads from the journal at its own pace: a slow one costs no memory.
    class follower {
    public:
        ~follower();
        follower(const follower&) = delete;
        follower& operator=(const follower&) = delete;

        /// The next events that match, at least one and at most a hundred; waits until there is one. One call at a time.
        /// Cancelled, it throws `operation_aborted` and has lost nothing.
        /// Errors: not_found (events that it has not seen are no longer kept), unavailable.
        [[nodiscard]] awaitable<result<std::vector<event>>> next();

        /// The seq behind which `next` goes on.
        [[nodiscard]] event_seq seen() const noexcept;

    private:
        friend class feed;
        struct state;
        explicit follower(std::unique_ptr<state> s);

        std::unique_ptr<state> state_;
    };

    /// Follows from now on, or from behind the event `after`. Errors: not_found (the event behind it is no longer kept),
    /// malformed (`after` lies ahead), unavailable (there are as many followers as `feed_settings` allow, or the journal cannot
    /// be read).
    [[nodiscard]] awaitable<result<std::unique_ptr<follower>>> follow(topic_pattern topic, std::optional<event_seq> after);

    /// How many there are. Any thread.
    [[nodiscard]] int followers() const noexcept;

    /// A commit added events. On the writer's thread.
    void on_committed() noexcept;

private:
    struct shared;
    std::shared_ptr<shared> shared_;
};

} // namespace atrium::events
