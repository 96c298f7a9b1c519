#include "core/feed_reader.hpp"
#include "core/journal_tables.hpp"
#include "core/topic_blocks.hpp"

#include <events/feed.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <utility>

namespace atrium::events {
namespace {

constexpr int page = 100; // max number of events in one read

} // namespace

/// The state that the followers of all threads share.
struct feed::shared {
    shared(storage::store j, feed_settings s) : journal{std::move(j)}, settings{s} {}

    storage::store journal;
    const feed_settings settings;
    std::atomic<int> followers = 0;

    std::mutex mutex; ///< guards `readers`
    std::vector<std::shared_ptr<feed_reader>> readers;
    std::mutex blocks_mutex; ///< guards `blocks`; never locked on the writer, which must not wait for readers
    topic_blocks blocks;

    /// Returns the reader of the calling thread, for use until `leave`.
    [[nodiscard]] std::shared_ptr<feed_reader> join(const executor& thread_executor) {
        const std::scoped_lock lock{mutex};
        auto own = std::ranges::find(readers, thread_executor, &feed_reader::get_executor);
        if (own == readers.end())
            own = readers.insert(own, std::make_shared<feed_reader>(journal, thread_executor));
        ++(*own)->followers;
        return *own;
    }
    /// The last follower that leaves still holds a pointer to the reader, so the reader is destroyed on the thread of its
    /// followers.
    void leave(const std::shared_ptr<feed_reader>& reader) {
        const std::scoped_lock lock{mutex};
        if (--reader->followers == 0)
            std::erase(readers, reader);
    }
};

/// While this object exists, the follower counts towards the limit and uses the reader of its thread.
struct feed::follower::state {
    state(std::shared_ptr<feed::shared> f, const executor& thread_executor, const topic_pattern& topic)
        : common{std::move(f)}, reader{common->join(thread_executor)}, group{reader->group_of(topic)},
          waiter{std::make_shared<feed_reader::waiter>(thread_executor)} {
        ++common->followers;
    }
    ~state() {
        --common->followers;
        common->leave(reader);
    }
    state(const state&) = delete;
    state& operator=(const state&) = delete;

    struct step {
        std::vector<event> events;
        event_seq seen;
        bool is_end = false; ///< the end of the journal is reached
    };

    /// Waits until a new event matches, or the follower has to read the journal itself.
    awaitable<> wait();
    /// Reads the journal for one turn (see `replay_line`), and returns the next matching events; empty if there were none.
    awaitable<result<std::vector<event>>> replay();
    [[nodiscard]] result<step> read_step(storage::snapshot& s) const;
    [[nodiscard]] result<std::optional<event_seq>> find_match(storage::snapshot& s, step& next) const;

    std::shared_ptr<feed::shared> common;
    std::shared_ptr<feed_reader> reader;
    std::shared_ptr<feed_reader::group> group;
    std::shared_ptr<feed_reader::waiter> waiter;
    event_seq seen = {};
};

awaitable<> feed::follower::state::wait() {
    struct membership {
        state& own;
        explicit membership(state& s) : own{s} { own.reader->add(*own.group, own.waiter); }
        ~membership() {
            if (own.waiter->is_waiting) // cancelled
                own.seen = std::max(own.seen, own.group->unmatched_up_to);
            own.reader->remove(*own.group, *own.waiter);
        }
    };
    waiter->seen = seen;
    {
        const membership waiting{*this};
        while (waiter->is_waiting)
            co_await waiter->changed.wait();
    }
    seen = std::max(seen, waiter->seen);
}

awaitable<result<std::vector<event>>> feed::follower::state::replay() {
    replay_line::place place{reader->line};
    co_await place.reach_front();
    while (!place.is_over()) {
        auto next = co_await common->journal.read([this](storage::snapshot& s) { return read_step(s); });
        if (!next)
            co_return next.error();
        seen = next->seen;
        if (!next->events.empty() || next->is_end)
            co_return std::move(next->events);
    }
    co_return std::vector<event>{};
}

/// Skips blocks that are known to contain no match, and searches the next block. If it contains a match, reads a page that
/// begins with the first match, and returns the matching events of this page. Otherwise returns no events.
result<feed::follower::state::step> feed::follower::state::read_step(storage::snapshot& s) const {
    step next{.events = {}, .seen = seen};
    const auto match = find_match(s, next);
    if (!match)
        return match.error();
    if (!*match)
        return next;
    auto events = read_after(s, {(*match)->value - 1}, page);
    if (!events)
        return events.error();
    next.seen = events->back().seq;
    std::erase_if(*events, [&](const event& e) { return !group->pattern.matches(e.topic); });
    next.events = std::move(*events);
    return next;
}

/// Returns the first match in the next block that cannot be skipped, and moves `next.seen` to the last event that is known not
/// to match.
result<std::optional<event_seq>> feed::follower::state::find_match(storage::snapshot& s, step& next) const {
    const std::scoped_lock lock{common->blocks_mutex};
    next.seen = common->blocks.skippable_up_to(seen, common->blocks.topics_matching(group->pattern));
    const auto begin = next.seen;
    const auto end = topic_blocks::block_end(begin);
    std::optional<event_seq> match;
    std::optional<error> gap;
    topic_blocks::topic_set topics = 0;
    table::for_each_topic(s, begin, end, [&](event_seq seq, std::string_view topic) {
        if (seq.value != next.seen.value + 1)
            gap = no_longer_kept(next.seen, seq);
        else if (group->pattern.matches(topic))
            match = seq;
        if (gap || match)
            return false;
        topics |= common->blocks.add(topic);
        next.seen = seq;
        return true;
    });
    if (gap)
        return *gap;
    next.is_end = !match && next.seen < end;
    if (next.seen == end && begin.value == end.value - topic_blocks::block_size)
        common->blocks.remember_block(end, topics);
    return match;
}

feed::feed(storage::store journal, feed_settings settings) : shared_{std::make_shared<shared>(std::move(journal), settings)} {}

feed::~feed() = default;

feed::follower::follower(std::unique_ptr<state> s) : state_{std::move(s)} {}

feed::follower::~follower() = default;

event_seq feed::follower::seen() const noexcept {
    const auto seen = std::max(state_->seen, state_->waiter->seen); // the waiter may have been woken but not resumed yet
    return state_->waiter->is_waiting ? std::max(seen, state_->group->unmatched_up_to) : seen;
}

awaitable<result<std::vector<event>>> feed::follower::next() {
    auto& own = *state_;
    for (;;) {
        const bool must_read = std::exchange(own.waiter->must_read, false);
        if (!must_read && own.seen >= own.reader->head()) {
            co_await own.wait();
        } else if (!must_read && own.reader->holds_after(own.seen)) {
            if (auto found = own.reader->take_after(own.seen, own.group->pattern, page); !found.empty())
                co_return found;
        } else {
            auto found = co_await own.replay();
            if (!found || !found->empty())
                co_return found;
        }
    }
}

awaitable<result<std::unique_ptr<feed::follower>>> feed::follow(topic_pattern topic, std::optional<event_seq> last_seen) {
    const auto thread_executor = co_await asio::this_coro::executor;
    auto own = std::make_unique<follower::state>(shared_, thread_executor, topic);
    if (shared_->followers > shared_->settings.followers)
        co_return error{.code = errc::unavailable,
                        .detail = "the limit of subscriptions to events, events.feed.followers, is reached; try again later",
                        .retry_after = std::chrono::seconds{5}};
    struct ends {
        event_seq begin;
        event_seq last;
    };
    const auto found = co_await shared_->journal.read([&](storage::snapshot& s) -> result<ends> {
        const auto last = table::last_seq(s);
        if (!last_seen)
            return ends{last, last};
        if (last_seen->value < 0 || *last_seen > last)
            return error{.code = errc::malformed, .detail = "there is no event " + std::to_string(last_seen->value) + " yet"};
        if (const auto kept = read_after(s, *last_seen, 1); !kept)
            return kept.error();
        return ends{*last_seen, last};
    });
    if (!found)
        co_return found.error();
    own->reader->begin_at(found->last);
    own->seen = found->begin;
    co_return std::unique_ptr<follower>{new follower{std::move(own)}};
}

int feed::followers() const noexcept {
    return shared_->followers;
}

void feed::on_committed() noexcept {
    const std::scoped_lock lock{shared_->mutex};
    for (const auto& each : shared_->readers)
        each->on_committed();
}

} // namespace atrium::events
