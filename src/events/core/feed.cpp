#include "core/journal_tables.hpp"

#include <base/turn.hpp>
#include <base/wakeup.hpp>
#include <events/feed.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <atomic>
#include <string>
#include <utility>

namespace atrium::events {
namespace {

constexpr int page = 100;

error no_longer_kept(event_seq after, event_seq oldest) {
    return {.code = errc::not_found,
            .detail = "events after " + std::to_string(after.value) + " are no longer kept; the oldest that is has the seq " +
                      std::to_string(oldest.value)};
}

/// A step through the log. A number that is missing was an event that retention has removed: the log has no other gaps, as a
/// number is given in the transaction that adds its event, and its last event stays.
result<std::vector<event>> read_after(storage::snapshot& s, event_seq seen, int limit) {
    auto events = table::events_after(s, seen, limit);
    auto expected = seen.value;
    for (const auto& each : events)
        if (each.seq.value != ++expected)
            return no_longer_kept({expected - 1}, each.seq);
    return events;
}

} // namespace

/// Rung by the writer, heard on the follower's thread.
struct feed::follower::signal {
    explicit signal(executor where) : on{where}, rung{where} {}

    /// Rings at most once until it is heard.
    static void ring(const std::shared_ptr<signal>& which) {
        if (which->ringing.exchange(true))
            return;
        asio::post(which->on, [which] { which->rung.notify(); });
    }

    executor on; ///< the follower's
    wakeup rung;
    std::atomic<bool> ringing = false;
};

feed::follower::follower(feed& of, topic_pattern topic, event_seq after, executor on)
    : feed_{of}, topic_{std::move(topic)}, seen_{after}, signal_{std::make_shared<signal>(on)} {
    const std::scoped_lock lock{feed_.mutex_};
    feed_.signals_.push_back(signal_);
}

feed::follower::~follower() {
    const std::scoped_lock lock{feed_.mutex_};
    std::erase(feed_.signals_, signal_);
}

awaitable<result<std::vector<event>>> feed::follower::next() {
    turn own_turn;
    for (;;) {
        signal_->ringing = false; // before reading: what is committed after the read rings
        auto read = co_await feed_.journal_.read([&](storage::snapshot& s) { return read_after(s, seen_, page); });
        if (!read)
            co_return read.error();
        const bool more = read->size() == page;
        if (!read->empty())
            seen_ = read->back().seq;
        std::erase_if(*read, [&](const event& e) { return !topic_.matches(e.topic); });
        if (!read->empty())
            co_return *std::move(read);
        if (more) {
            co_await own_turn.give_way();
            continue;
        }

        while (!signal_->ringing) // a post that comes late may end a wait that it was not meant for
            co_await signal_->rung.wait();
    }
}

awaitable<result<std::unique_ptr<feed::follower>>> feed::follow(topic_pattern topic, std::optional<event_seq> after) {
    const auto begin = co_await journal_.read([&](storage::snapshot& s) -> result<event_seq> {
        const auto last = table::last_seq(s);
        if (!after)
            return last;
        if (after->value < 0 || *after > last)
            return error{.code = errc::malformed, .detail = "there is no event " + std::to_string(after->value) + " yet"};
        if (const auto kept = read_after(s, *after, 1); !kept)
            return kept.error();
        return *after;
    });
    if (!begin)
        co_return begin.error();
    const auto on = co_await asio::this_coro::executor;
    co_return std::unique_ptr<follower>{new follower{*this, std::move(topic), *begin, on}};
}

void feed::on_committed() noexcept {
    const std::scoped_lock lock{mutex_};
    for (const auto& each : signals_)
        follower::signal::ring(each);
}

} // namespace atrium::events
