#pragma once

#include <events/event.hpp>

#include <algorithm>
#include <chrono>
#include <optional>

namespace atrium::events::rabbitmq {

/// Decides, without I/O, how long a publisher waits for the confirm of its oldest message before it reconnects. A broker that
/// is merely slow confirms in the order of sending, so the oldest message keeps changing; if a queue has lost its leader, the
/// oldest message stays the same.
///
/// Each abandoned connection doubles the wait, because a new connection sends all unconfirmed messages again. The wait is reset
/// when the message that caused the last abandoned connection is confirmed. One thread.
class confirm_patience {
public:
    using clock = std::chrono::steady_clock;

    /// Call it while nothing is in flight or the broker is blocked, and on a new connection.
    void restart() noexcept { oldest_.reset(); }

    /// Whether to abandon the connection. `oldest` is the `event::seq` of the unconfirmed message that was sent first.
    [[nodiscard]] bool is_exhausted(event_seq oldest, clock::time_point now) noexcept {
        if (oldest_ != oldest) {
            oldest_ = oldest;
            oldest_since_ = now;
        }
        if (now - oldest_since_ <= limit_)
            return false;
        limit_ = std::min<std::chrono::seconds>(2 * limit_, max_limit);
        cause_ = oldest;
        restart();
        return true;
    }

    /// Call it when this message is confirmed or will not be sent again.
    void note_finished(event_seq seq) noexcept {
        if (cause_ != seq)
            return;
        cause_.reset();
        limit_ = first_limit;
    }

    static constexpr std::chrono::seconds first_limit{15};
    static constexpr std::chrono::minutes max_limit{10};

private:
    std::chrono::seconds limit_ = first_limit;
    std::optional<event_seq> oldest_;
    clock::time_point oldest_since_{};
    std::optional<event_seq> cause_; ///< the message that caused the last connection to be abandoned
};

} // namespace atrium::events::rabbitmq
