#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/feed.hpp>
#include <graphql/context.hpp>
#include <graphql/event_source.hpp>
#include <resource/ids.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::resource {

/// The `seq` of an event, or 0, in its only spelling; empty for every other text.
[[nodiscard]] std::optional<events::event_seq> parse_seq(std::string_view text) noexcept;

/// The seq behind which a returning subscriber goes on, as it came in `context::resume_token`; empty if it brought none.
/// Errors: malformed.
[[nodiscard]] result<std::optional<events::event_seq>> read_resume_token(const graphql::context& c);

/// A row, and the seq of the event by which it came.
template <class Row>
struct announced {
    events::event_seq seq;
    Row row;
};

/// A GraphQL subscription that is fed by the journal: each batch of events becomes rows, which are told one by one. Reads on
/// only when all were taken. Its resume token is the seq of the last event that was read, if all rows were taken. Else it is
/// that of the last row's event, or a lower one if a row of an earlier event is still to come: rows may come twice then, but
/// none is lost.
template <class Row>
class feed_source final : public graphql::event_source<Row> {
public:
    using rows = std::vector<announced<Row>>;
    /// The rows that events mean, in their order; there may be fewer. Lives as long as the source.
    using reading = std::function<awaitable<result<rows>>(std::vector<events::event>)>;
    using opened = result<std::unique_ptr<graphql::event_source<Row>>>;

    /// Follows `topic` from now on, or from behind `after`. `feed` outlives it. Errors: those of `feed::follow`.
    static awaitable<opened> open(events::feed& feed, std::string topic, std::optional<events::event_seq> after, reading read) {
        auto follower = co_await feed.follow(events::topic_pattern{topic}, after);
        if (!follower)
            co_return follower.error();
        co_return std::unique_ptr<graphql::event_source<Row>>{new feed_source{*std::move(follower), std::move(read)}};
    }

    /// Follows `topic` from where a returning subscriber was, or from now on. `feed` outlives it. Errors: those of
    /// `feed::follow`, and malformed for a token that is not a seq.
    static awaitable<opened> resume(events::feed& feed, std::string topic, const graphql::context& c, reading read) {
        const auto after = read_resume_token(c);
        if (!after)
            co_return after.error();
        co_return co_await open(feed, std::move(topic), *after, std::move(read));
    }

    awaitable<result<std::optional<Row>>> next() override {
        while (rows_.empty()) {
            has_undelivered_ = false;
            auto events = co_await follower_->next();
            if (!events)
                co_return events.error();
            begin_batch(*events);
            auto read = co_await read_(*std::move(events));
            if (!read)
                co_return read.error();
            take(*std::move(read));
        }
        std::optional<Row> first{std::move(rows_.front().row)};
        seq_ = rows_.front().seq;
        rows_.pop_front();
        has_undelivered_ = !rows_.empty();
        co_return first;
    }

    /// A subscriber may wait long for its next row while the journal removes old events, so the token moves on with those that
    /// announce no row.
    std::string resume_token() const override { return std::to_string((has_undelivered_ ? seq_ : follower_->seen()).value); }

private:
    feed_source(std::unique_ptr<events::feed::follower> follower, reading read)
        : follower_{std::move(follower)}, read_{std::move(read)}, seq_{follower_->seen()} {}

    /// The follower has passed events of which no row was delivered yet: the token stays in front of the first.
    void begin_batch(const std::vector<events::event>& events) {
        has_undelivered_ = true;
        seq_ = {events.front().seq.value - 1};
    }

    /// Rows may stand in another order than their events. Each is kept with the seq up to which everything was delivered once
    /// it is: a client that resumes there misses nothing.
    void take(rows read) {
        events::event_seq next{std::numeric_limits<std::int64_t>::max()}; // the lowest seq of the rows behind
        std::vector<events::event_seq> followed(read.size());
        for (auto i = read.size(); i-- > 0; next = std::min(next, read[i].seq))
            followed[i] = {next.value - 1};
        auto delivered = seq_;
        for (std::size_t i = 0; i < read.size(); ++i) {
            delivered = std::max(delivered, read[i].seq);
            rows_.push_back({std::min(delivered, followed[i]), std::move(read[i].row)});
        }
    }

    std::unique_ptr<events::feed::follower> follower_;
    reading read_;
    std::deque<announced<Row>> rows_; ///< each with its resume token
    events::event_seq seq_;           ///< everything up to it was delivered, or announces no row
    bool has_undelivered_ = false;    ///< the follower is ahead of what was delivered
};

/// The rows that events announce, as they are now, by ascending id, each once; without those that are gone.
/// @param id_of gives std::optional<Id> for an event: empty if it announces no row of ours
/// @param find_rows gives awaitable<result<std::vector<std::optional<Row>>>> for ascending ids
/// @param key the member of a row that is its id
template <class Row, class Id, class IdOf, class Find>
awaitable<result<std::vector<announced<Row>>>> find_announced(std::vector<events::event> events, IdOf id_of, Find find_rows,
                                                              Id Row::* key) {
    std::vector<Id> ids;
    std::map<Id, events::event_seq> seqs;
    for (const auto& each : events)
        if (const std::optional<Id> id = id_of(each); id && seqs.emplace(*id, each.seq).second)
            ids.push_back(*id);

    auto present = co_await find_present<Row>(std::move(ids), std::move(find_rows));
    if (!present)
        co_return present.error();
    std::vector<announced<Row>> rows;
    for (auto& row : *present) {
        const auto seq = seqs.at(row.*key);
        rows.push_back({seq, std::move(row)});
    }
    co_return rows;
}

} // namespace atrium::resource
