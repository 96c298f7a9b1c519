#include "core/feed_reader.hpp"

#include "core/journal_tables.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <utility>

namespace atrium::events {
namespace {

constexpr int page = 100;
constexpr std::size_t max_recent = 1'000;
constexpr std::size_t max_recent_bytes = 1024 * 1024;
constexpr std::size_t max_woken_at_once = 64; // number of followers that are resumed before other work on the thread runs

std::size_t memory_of(const event& e) {
    return sizeof e + e.data.size() + e.key.size() + e.topic.size();
}

} // namespace

error no_longer_kept(event_seq last_seen, event_seq oldest) {
    return {.code = errc::not_found,
            .detail = "events after " + std::to_string(last_seen.value) +
                      " are no longer kept; the oldest one kept has the seq " + std::to_string(oldest.value)};
}

/// A missing seq belongs to an event that retention has removed. The log has no other gaps, because a seq is assigned in the
/// transaction that adds its event, and the last event is always kept.
result<std::vector<event>> read_after(storage::snapshot& s, event_seq seen, int limit) {
    auto events = table::events_after(s, seen, limit);
    auto expected = seen.value;
    for (const auto& each : events)
        if (each.seq.value != ++expected)
            return no_longer_kept({expected - 1}, each.seq);
    return events;
}

std::shared_ptr<feed_reader::group> feed_reader::group_of(const topic_pattern& pattern) {
    if (const auto known = groups_.find(pattern.text()); known != groups_.end())
        if (auto alive = known->second.lock())
            return alive;
    if (groups_.size() >= max_groups_) {
        std::erase_if(groups_, [](const auto& each) { return each.second.expired(); });
        max_groups_ = 2 * groups_.size() + min_groups;
    }
    auto created = std::make_shared<group>(pattern);
    groups_[pattern.text()] = created;
    return created;
}

std::vector<event> feed_reader::take_after(event_seq& seen, const topic_pattern& pattern, std::size_t limit) const {
    std::vector<event> found;
    const auto skipped = std::max<std::int64_t>(seen.value - before_recent_.value, 0);
    for (auto i = static_cast<std::size_t>(skipped); i < recent_.size() && found.size() < limit; ++i) {
        seen = recent_[i].seq;
        if (pattern.matches(recent_[i].topic))
            found.push_back(recent_[i]);
    }
    return found;
}

void feed_reader::add(group& g, const std::shared_ptr<waiter>& w) {
    w->is_waiting = true;
    w->place = g.waiting.size();
    g.waiting.push_back(w);
}

void feed_reader::remove(group& g, waiter& w) noexcept {
    if (!std::exchange(w.is_waiting, false))
        return;
    std::swap(g.waiting[w.place], g.waiting.back());
    g.waiting[w.place]->place = w.place;
    g.waiting.pop_back();
}

void feed_reader::on_committed() {
    if (!is_signalled_.exchange(true))
        asio::post(executor_, [self = shared_from_this()] { self->read_new(); });
}

void feed_reader::read_new() {
    if (is_reading_)
        return; // the running read_all checks the signal again before it ends
    is_reading_ = true;
    asio::co_spawn(executor_, [self = shared_from_this()]() -> awaitable<> { co_await self->read_all(); }, asio::detached);
}

awaitable<> feed_reader::read_all() {
    bool more = true;
    while (more || is_signalled_) {
        is_signalled_ = false; // cleared before reading, so that a commit during the read causes another read
        try {
            auto events = co_await journal_.read(
                [&](storage::snapshot& s) -> result<std::vector<event>> { return table::events_after(s, head_, page); });
            more = events && events->size() == page;
            if (!events)
                report_failure();
            else if (!events->empty())
                append(*std::move(events));
        } catch (const std::exception&) {
            more = false;
            report_failure();
        }
        for (bool must_pause = more; must_pause; must_pause = is_waking_)
            co_await asio::post(executor_, use_awaitable); // lets other work on the thread run, and lets followers keep up
    }
    is_reading_ = false;
}

void feed_reader::append(std::vector<event> events) {
    wake_matching(events);
    for (auto& each : events) {
        if (each.seq.value != head_.value + 1) { // retention has removed events in between
            recent_.clear();
            recent_bytes_ = 0;
        }
        if (recent_.empty())
            before_recent_ = {each.seq.value - 1};
        head_ = each.seq;
        recent_bytes_ += memory_of(each);
        recent_.push_back(std::move(each));
    }
    while (recent_.size() > max_recent || (recent_bytes_ > max_recent_bytes && recent_.size() > 1)) {
        recent_bytes_ -= memory_of(recent_.front());
        before_recent_ = recent_.front().seq;
        recent_.pop_front();
    }
}

void feed_reader::wake_matching(const std::vector<event>& events) {
    const bool is_whole = events.front().seq.value == head_.value + 1 &&
                          events.back().seq.value - events.front().seq.value + 1 == static_cast<std::int64_t>(events.size());
    for (const auto& [text, weak] : groups_) {
        const auto g = weak.lock();
        if (!g)
            continue;
        const auto matches = [&](const event& e) { return g->pattern.matches(e.topic); };
        const auto first = std::ranges::find_if(events, matches);
        if (!is_whole || first != events.end())
            wake_all(*g, std::max(g->unmatched_up_to, is_whole ? event_seq{first->seq.value - 1} : event_seq{}));
        else
            g->unmatched_up_to = events.back().seq;
    }
}

void feed_reader::report_failure() {
    for (const auto& [text, weak] : groups_)
        if (const auto g = weak.lock())
            wake_all(*g, g->unmatched_up_to, true);
}

void feed_reader::wake_all(group& g, event_seq seen, bool must_read) {
    for (auto& each : g.waiting) {
        each->is_waiting = false;
        each->must_read = must_read;
        each->seen = seen;
        woken_.push_back(std::move(each));
    }
    g.waiting.clear();
    if (!woken_.empty() && !std::exchange(is_waking_, true))
        asio::post(executor_, [self = shared_from_this()] { self->wake_some(); });
}

void feed_reader::wake_some() {
    for (std::size_t i = 0; i < max_woken_at_once && !woken_.empty(); ++i) {
        woken_.front()->changed.notify();
        woken_.pop_front();
    }
    is_waking_ = !woken_.empty();
    if (is_waking_)
        asio::post(executor_, [self = shared_from_this()] { self->wake_some(); });
}

} // namespace atrium::events
