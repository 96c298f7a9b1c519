#pragma once

#include <base/awaitable.hpp>
#include <base/error.hpp>

#include <optional>
#include <string>

namespace atrium::graphql {

/// The source of a subscription's events. Each event is the value of the subscription's root field in one response: a row, a
/// key, a scalar, or anything else that a field may return. Used by one coroutine at a time; destroyed when the subscriber is
/// gone.
template <class T>
class event_source {
public:
    virtual ~event_source() = default;

    /// Returns the next event; empty after the last one. An error is sent to the subscriber and ends the stream. Throws
    /// operation_aborted when the waiting coroutine is cancelled.
    virtual awaitable<result<std::optional<T>>> next() = 0;

    /// The token that a returning subscriber passes as `context::resume_token`. The subscriber then continues after the event
    /// that `next` returned last or, if there is none, where the source began. While `next` waits, the token may advance past
    /// events that do not belong to this source. Empty if the source cannot be resumed. Printable ASCII. May be called while
    /// `next` waits.
    [[nodiscard]] virtual std::string resume_token() const { return {}; }
};

} // namespace atrium::graphql
