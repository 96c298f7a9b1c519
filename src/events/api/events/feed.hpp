#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/event.hpp>
#include <events/topic_pattern.hpp>
#include <storage/store.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace atrium::events {

/// The journal as a stream, for those who watch: what was published here and what this process took in from elsewhere, in the
/// order of `seq`, each event once. Watching is no subscription: nothing is recorded, nothing waits for who does not ask.
///
/// Any thread that runs an io_context. Outlives its followers; the database outlives it.
class feed {
public:
    /// `journal` is the store of the owner `events`.
    explicit feed(storage::store journal) : journal_{std::move(journal)} {}
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
        [[nodiscard]] event_seq seen() const noexcept { return seen_; }

    private:
        friend class feed;
        struct signal;
        follower(feed& of, topic_pattern topic, event_seq after, executor on);

        feed& feed_;
        topic_pattern topic_;
        event_seq seen_;
        std::shared_ptr<signal> signal_;
    };

    /// Follows from now on, or from behind the event `after`. Errors: not_found (the event behind it is no longer kept),
    /// malformed (`after` lies ahead), unavailable.
    [[nodiscard]] awaitable<result<std::unique_ptr<follower>>> follow(topic_pattern topic, std::optional<event_seq> after);

    /// A commit added events. On the writer's thread.
    void on_committed() noexcept;

private:
    storage::store journal_;
    std::mutex mutex_;
    std::vector<std::shared_ptr<follower::signal>> signals_; ///< under the mutex
};

} // namespace atrium::events
