#pragma once

#include <events/event.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace atrium::events::rabbitmq {

/// How long a publisher waits for the confirm of its oldest message before it connects again, without I/O. A broker that is
/// only slow confirms in the order of sending, so the oldest message keeps changing; one that has lost a queue's leader does
/// not.
///
/// Each connection that is given up doubles the wait until the message that caused it is confirmed: a new connection sends
/// everything unconfirmed again. One thread.
class confirm_patience {
public:
    using clock = std::chrono::steady_clock;

    /// Nothing is in flight, the broker is blocked, or the connection is new.
    void restart() noexcept { oldest_.reset(); }

    /// Whether to give up the connection. `oldest` is the `event::seq` of the message that was sent first of those unconfirmed.
    [[nodiscard]] bool is_exhausted(event_seq oldest, clock::time_point now) noexcept {
        if (oldest_ != oldest) {
            oldest_ = oldest;
            oldest_since_ = now;
        }
        if (now - oldest_since_ <= limit_)
            return false;
        limit_ = std::min<std::chrono::seconds>(2 * limit_, longest);
        cause_ = oldest;
        restart();
        return true;
    }

    /// This message is confirmed, or will not be sent again.
    void finished(event_seq seq) noexcept {
        if (cause_ != seq)
            return;
        cause_.reset();
        limit_ = first;
    }

    static constexpr std::chrono::seconds first{15};
    static constexpr std::chrono::minutes longest{10};

private:
    std::chrono::seconds limit_ = first;
    std::optional<event_seq> oldest_;
    clock::time_point oldest_since_{};
    std::optional<event_seq> cause_; ///< of the last connection that was given up
};

} // namespace atrium::events::rabbitmq
