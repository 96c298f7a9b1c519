#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>

#include <optional>
#include <string>

namespace atrium::graphql {

/// Where a subscription's events come from. Each event is what the root field of the subscription says in one response: a row,
/// a key, a scalar, whatever a field may give. One coroutine at a time; destroyed when the subscriber is gone.
template <class T>
class event_source {
public:
    virtual ~event_source() = default;

    /// The next event; empty after the last one. An error is told to the subscriber and is the end. Ends with an exception
    /// (operation_aborted) when the coroutine that waits is cancelled.
    virtual awaitable<result<std::optional<T>>> next() = 0;

    /// What a subscriber that returns brings back as `context::resume_token` to go on behind the event that `next` returned
    /// last, or, before the first event, where the source began. It may move on while `next` waits, past what is not an event
    /// of this source. Empty if the source cannot be resumed. Printable ASCII. May be called while `next` waits.
    [[nodiscard]] virtual std::string resume_token() const { return {}; }
};

} // namespace atrium::graphql
