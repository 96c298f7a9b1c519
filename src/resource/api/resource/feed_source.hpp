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

/// Parses the `seq` of an event, or 0, which is the position before the first event. Accepts only digits without leading zeros;
/// empty for every other text.
[[nodiscard]] std::optional<events::event_seq> parse_seq(std::string_view text) noexcept;

/// Reads from `context::resume_token` the seq after which a returning subscriber continues. Empty if there is no token. Errors:
/// malformed (the token is not a seq).
[[nodiscard]] result<std::optional<events::event_seq>> read_resume_token(const graphql::context& c);

/// A row and the seq of the event that announced it.
template <class Row>
struct announced {
    events::event_seq seq;
    Row row;
};

/// A GraphQL subscription that follows the journal. It turns each batch of events into rows, delivers these one by one, and
/// then reads the next batch. Once all rows of the batch are delivered, the resume token is the seq of the last event that was
/// read. Until then, it is the seq of the event of the last delivered row, or a lower seq if a row of an earlier event has not
/// been delivered yet. So after the subscriber has resumed, a row may come twice, but none is lost.
template <class Row>
class feed_source final : public graphql::event_source<Row> {
public:
    using rows = std::vector<announced<Row>>;
    /// Returns the rows for these events. There may be fewer rows than events. The function lives as long as the source.
    using row_reader = std::function<awaitable<result<rows>>(std::vector<events::event>)>;
    using opened = result<std::unique_ptr<graphql::event_source<Row>>>;

    /// Follows `topic` after `start_after`, or from now on if `start_after` is empty. `feed` must outlive the source. Errors:
    /// those of `feed::follow`.
    static awaitable<opened> open(events::feed& feed, std::string topic, std::optional<events::event_seq> start_after,
                                  row_reader read) {
        auto follower = co_await feed.follow(events::topic_pattern{topic}, start_after);
        if (!follower)
            co_return follower.error();
        co_return std::unique_ptr<graphql::event_source<Row>>{new feed_source{*std::move(follower), std::move(read)}};
    }

    /// Follows `topic` after the position of a returning subscriber, or from now on if there is no resume token. `feed` must
    /// outlive the source. Errors: those of `feed::follow`, and malformed if the token is not a seq.
    static awaitable<opened> resume(events::feed& feed, std::string topic, const graphql::context& c, row_reader read) {
        const auto token = read_resume_token(c);
        if (!token)
            co_return token.error();
        co_return co_await open(feed, std::move(topic), *token, std::move(read));
    }

    awaitable<result<std::optional<Row>>> next() override {
        while (rows_.empty()) {
            has_undelivered_ = false;
            auto events = co_await follower_->next();
            if (!events)
                co_return events.error();
            begin_batch(*events);
            auto new_rows = co_await read_(*std::move(events));
            if (!new_rows)
                co_return new_rows.error();
            take(*std::move(new_rows));
        }
        std::optional<Row> first{std::move(rows_.front().row)};
        seq_ = rows_.front().seq;
        rows_.pop_front();
        has_undelivered_ = !rows_.empty();
        co_return first;
    }

    /// The token also advances with events that announce no row. Otherwise, while a subscriber waits long for its next row, the
    /// journal might remove the events after the token, and the subscriber could not resume.
    std::string resume_token() const override { return std::to_string((has_undelivered_ ? seq_ : follower_->seen()).value); }

private:
    feed_source(std::unique_ptr<events::feed::follower> follower, row_reader read)
        : follower_{std::move(follower)}, read_{std::move(read)}, seq_{follower_->seen()} {}

    /// Sets the token to the seq before the first of these events. Call it after the follower has read the events, and before
    /// their rows are delivered.
    void begin_batch(const std::vector<events::event>& events) {
        has_undelivered_ = true;
        seq_ = {events.front().seq.value - 1};
    }

    /// Stores the rows, which may be in another order than their events. With each row, stores the seq up to which everything
    /// has been delivered once this row is delivered. A client that resumes after that seq misses nothing.
    void take(rows new_rows) {
        events::event_seq lowest_later{std::numeric_limits<std::int64_t>::max()}; // the lowest seq of the rows after `i`
        std::vector<events::event_seq> max_seqs(new_rows.size()); // for each row, the highest seq below those of all later rows
        for (auto i = new_rows.size(); i-- > 0; lowest_later = std::min(lowest_later, new_rows[i].seq))
            max_seqs[i] = {lowest_later.value - 1};
        auto highest_delivered = seq_;
        for (std::size_t i = 0; i < new_rows.size(); ++i) {
            highest_delivered = std::max(highest_delivered, new_rows[i].seq);
            rows_.push_back({std::min(highest_delivered, max_seqs[i]), std::move(new_rows[i].row)});
        }
    }

    std::unique_ptr<events::feed::follower> follower_;
    row_reader read_;
    std::deque<announced<Row>> rows_; ///< each row with the resume token that is valid after its delivery
    events::event_seq seq_;           ///< the rows of all events up to this seq are delivered
    bool has_undelivered_ = false;    ///< the follower has read events whose rows are not delivered
};

/// The current rows that events announce, by ascending id and without duplicates. Rows that no longer exist are left out.
/// @param id_of returns std::optional<Id> for an event: the id of the row that it announces, or empty if it announces none
/// @param find_rows returns awaitable<result<std::vector<std::optional<Row>>>> for ascending ids
/// @param key the member of a row that is its id
template <class Row, class Id, class IdOf, class Find>
awaitable<result<std::vector<announced<Row>>>> find_announced(std::vector<events::event> events, IdOf id_of, Find find_rows,
                                                              Id Row::* key) {
    std::vector<Id> ids;
    std::map<Id, events::event_seq> seqs;
    for (const auto& event : events)
        if (const std::optional<Id> id = id_of(event); id && seqs.emplace(*id, event.seq).second)
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
