#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace atrium::events::rabbitmq {

/// Decides, without I/O, whether a consumer still receives the messages of its queue. A broker can lose a consumer without
/// notice: RabbitMQ 3.10 does so if a queue is deleted and declared again immediately. A broker can also count messages as
/// delivered although they never arrive.
///
/// This object compares the broker's counts with what has arrived and, if nothing comes, relies on a probe through the queue.
/// One thread.
class liveness {
public:
    using clock = std::chrono::steady_clock;

    /// Begins a new subscription.
    void begin(clock::time_point now) noexcept {
        *this = liveness{};
        received_at_ = now;
    }
    /// Records that a message was received from the queue.
    void note_message(clock::time_point now) noexcept {
        received_at_ = now;
        received_since_check_ = true;
        probe_pause_ = first_probe_pause;
    }
    /// Records that a probe was sent or received. Sending another probe before anything comes does not prolong the wait for
    /// the first one.
    void note_probe_sent(clock::time_point now) noexcept { probe_sent_at_ = std::min(probe_sent_at_, now); }
    void note_probe_received(clock::time_point now) noexcept {
        received_at_ = now;
        received_since_check_ = true;
        probe_sent_at_ = clock::time_point::max();
        probe_pause_ = std::min(2 * probe_pause_, max_probe_pause);
    }

    /// Whether a message or probe has come since the last check, so that the broker's counts are not needed.
    [[nodiscard]] bool has_received() const noexcept { return received_since_check_; }

    /// The broker's counts of the queue, and whether this consumer can take more messages: it is not paused, and holds fewer
    /// messages than it may.
    struct counts {
        bool queue_exists = true;
        std::uint32_t ready = 0; ///< messages that wait for a consumer
        std::uint32_t consumers = 0;
        bool can_take_more = true;
    };
    enum class verdict { alive, probe, not_receiving };
    /// Call it every few seconds. The counts may change during a single check, so two checks in a row must agree. `probe` means
    /// that a probe should be sent; `not_receiving`, that the subscription is broken.
    [[nodiscard]] verdict check(const counts& c, clock::time_point now) noexcept {
        const bool has_arrived = std::exchange(received_since_check_, false);
        const bool is_suspicious = !c.queue_exists || (!has_arrived && (c.consumers == 0 || (c.ready > 0 && c.can_take_more)));
        suspicious_checks_ = is_suspicious ? suspicious_checks_ + 1 : 0;
        if (suspicious_checks_ >= 2)
            return verdict::not_receiving;
        if (!c.can_take_more)
            return verdict::alive;
        if (probe_sent_at_ != clock::time_point::max())
            return now > std::max(received_at_, probe_sent_at_) + probe_patience ? verdict::not_receiving : verdict::alive;
        return now >= received_at_ + probe_pause_ ? verdict::probe : verdict::alive;
    }

    static constexpr std::chrono::seconds probe_patience{10}; ///< max time without an arrival after a probe was sent
    static constexpr std::chrono::seconds first_probe_pause{
        5}; ///< the time without an arrival after which a probe is sent; doubles while only probes arrive
    static constexpr std::chrono::seconds max_probe_pause{60};

private:
    clock::time_point received_at_{};
    clock::time_point probe_sent_at_ = clock::time_point::max(); ///< max() if no probe was sent
    std::chrono::seconds probe_pause_ = first_probe_pause;
    int suspicious_checks_ = 0; ///< number of suspicious checks in a row
    bool received_since_check_ = false;
};

} // namespace atrium::events::rabbitmq
