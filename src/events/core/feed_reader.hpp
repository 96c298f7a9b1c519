#pragma once

#include "core/replay_line.hpp"

#include <base/awaitable.hpp>
#include <base/notification.hpp>
#include <events/event.hpp>
#include <events/topic_pattern.hpp>
#include <storage/store.hpp>

#include <atomic>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace atrium::events {

/// The error for a follower that has seen `last_seen`, if the next event that is still kept is `oldest`.
[[nodiscard]] error no_longer_kept(event_seq last_seen, event_seq oldest);

/// Returns up to `limit` events after `seen`. Errors: not_found (one of these events is no longer kept).
[[nodiscard]] result<std::vector<event>> read_after(storage::snapshot& s, event_seq seen, int limit);

/// Reads new events once for each commit, for all followers of one thread together. It keeps the latest events in memory, and
/// wakes a follower only if a new event matches or if the follower has to read the journal itself.
///
/// Every member runs on the followers' thread, unless noted otherwise.
class feed_reader : public std::enable_shared_from_this<feed_reader> {
public:
    feed_reader(storage::store journal, const executor& thread_executor)
        : line{thread_executor}, journal_{std::move(journal)}, executor_{thread_executor} {}

    [[nodiscard]] const executor& get_executor() const noexcept { return executor_; }

    /// The followers of one pattern.
    struct group;
    /// A follower that waits for new events of its pattern.
    struct waiter {
        explicit waiter(const executor& thread_executor) : changed{thread_executor} {}

        notification changed;
        bool is_waiting = false;
        bool must_read = false; ///< reading failed; the follower reads the journal itself and gets the error
        event_seq seen = {};    ///< set when the follower is woken: no event up to this one matches
        std::size_t place = 0;  ///< the index of this waiter in `group::waiting`
    };
    struct group {
        explicit group(topic_pattern p) : pattern{std::move(p)} {}

        topic_pattern pattern;
        event_seq unmatched_up_to = {}; ///< for a follower that waits, no event up to this one matches
        std::vector<std::shared_ptr<waiter>> waiting;
    };
    /// Finds or creates the group of a pattern. A group lives until the last pointer to it is gone.
    [[nodiscard]] std::shared_ptr<group> group_of(const topic_pattern& pattern);

    /// The seq of the last event that was read. The first follower sets it with `begin_at`.
    [[nodiscard]] event_seq head() const noexcept { return head_; }
    void begin_at(event_seq last) noexcept {
        if (!std::exchange(has_begun_, true))
            head_ = before_recent_ = last;
    }
    /// Whether all events after `seen`, up to the head, are in memory.
    [[nodiscard]] bool holds_after(event_seq seen) const noexcept { return seen >= before_recent_; }
    /// Returns up to `limit` matching events from memory, and moves `seen` to the last event that was examined.
    [[nodiscard]] std::vector<event> take_after(event_seq& seen, const topic_pattern& pattern, std::size_t limit) const;

    void add(group& g, const std::shared_ptr<waiter>& w);
    void remove(group& g, waiter& w) noexcept;

    /// Call it after a commit that added events. Any thread; the `io_context` of the reader's thread outlives the call.
    void on_committed();

    replay_line line;
    int followers = 0; ///< number of followers; guarded by the feed's mutex

private:
    void read_new();
    awaitable<> read_all();
    void append(std::vector<event> events);
    void wake_matching(const std::vector<event>& events);
    void wake_all(group& g, event_seq seen, bool must_read = false);
    void report_failure();
    void wake_some();

    storage::store journal_;
    executor executor_;
    std::atomic<bool> is_signalled_ = false; ///< a commit has not been read yet
    bool is_reading_ = false;                ///< `read_all` is running
    bool has_begun_ = false;
    event_seq head_ = {};
    event_seq before_recent_ = {}; ///< the event before the first of `recent_`
    std::deque<event> recent_;
    std::size_t recent_bytes_ = 0;
    static constexpr std::size_t min_groups = 64;
    std::map<std::string, std::weak_ptr<group>, std::less<>> groups_; ///< by pattern; may contain groups that no longer exist
    std::size_t max_groups_ = min_groups; ///< groups that no longer exist are removed from `groups_` when it has this size
    std::deque<std::shared_ptr<waiter>> woken_; ///< followers that are still to be resumed
    bool is_waking_ = false;
};

} // namespace atrium::events
