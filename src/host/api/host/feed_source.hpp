#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>
#include <events/feed.hpp>
#include <graphql/event_source.hpp>

#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace atrium::host {

/// A GraphQL subscription that is fed by the journal: each batch of events becomes rows, which are told one by one. Reads on
/// only when all were taken.
template <class Row>
class feed_source final : public graphql::event_source<Row> {
public:
    /// The rows that events mean, in their order; there may be fewer. Lives as long as the source.
    using reading = std::function<awaitable<result<std::vector<Row>>>(std::vector<events::event>)>;
    using opened = result<std::unique_ptr<graphql::event_source<Row>>>;

    /// Follows `topic` from now on, or from behind `after`. `feed` outlives it. Errors: those of `feed::follow`.
    static awaitable<opened> open(events::feed& feed, std::string topic, std::optional<std::int64_t> after, reading read) {
        auto follower = co_await feed.follow(events::topic_pattern{topic}, after);
        if (!follower)
            co_return follower.error();
        co_return std::unique_ptr<graphql::event_source<Row>>{new feed_source{*std::move(follower), std::move(read)}};
    }

    awaitable<result<std::optional<Row>>> next() override {
        while (rows_.empty()) {
            auto events = co_await follower_->next();
            if (!events)
                co_return events.error();
            auto rows = co_await read_(*std::move(events));
            if (!rows)
                co_return rows.error();
            std::move(rows->begin(), rows->end(), std::back_inserter(rows_));
        }
        std::optional<Row> first{std::move(rows_.front())};
        rows_.pop_front();
        co_return first;
    }

private:
    feed_source(std::unique_ptr<events::feed::follower> follower, reading read)
        : follower_{std::move(follower)}, read_{std::move(read)} {}

    std::unique_ptr<events::feed::follower> follower_;
    reading read_;
    std::deque<Row> rows_;
};

} // namespace atrium::host
