#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>

namespace atrium::events::rabbitmq {

/// Whether a consumer that the broker should feed is fed, without I/O. A broker can lose a consumer without a word (a queue
/// that is deleted and declared again at once, RabbitMQ 3.10), or count messages as delivered that never come.
///
/// It judges by what the broker counts and, if nothing comes, by a probe through the queue. One thread.
class liveness {
public:
    using clock = std::chrono::steady_clock;

    /// A new subscription.
    void begin(clock::time_point now) noexcept {
        *this = liveness{};
        arrived_at_ = now;
    }
    /// Something has come through the queue.
    void arrived(clock::time_point now) noexcept {
        arrived_at_ = now;
        arrived_since_check_ = true;
        probe_pause_ = first_probe_pause;
    }
    /// A probe has left, or has come. One that is sent again before anything comes does not prolong the wait for the first.
    void probe_sent(clock::time_point now) noexcept { probe_sent_at_ = std::min(probe_sent_at_, now); }
    void probe_came(clock::time_point now) noexcept {
        arrived_at_ = now;
        arrived_since_check_ = true;
        probe_sent_at_ = clock::time_point::max();
        probe_pause_ = std::min(2 * probe_pause_, max_probe_pause);
    }

    /// Whether something has come since the last check: it need not be counted then.
    [[nodiscard]] bool is_fed() const noexcept { return arrived_since_check_; }

    /// What the broker counts, and whether more can come to us: we neither pause nor hold all that we may.
    struct counts {
        bool queue_exists = true;
        std::uint32_t ready = 0;
        std::uint32_t consumers = 0;
        bool has_room = true;
    };
    enum class verdict { alive, probe, deaf };
    /// Every few seconds. A single look may fall into a moment of change, so two must agree. `probe`: send one.
    [[nodiscard]] verdict check(const counts& c, clock::time_point now) noexcept {
        const bool fed = std::exchange(arrived_since_check_, false);
        const bool strange = !c.queue_exists || (!fed && (c.consumers == 0 || (c.ready > 0 && c.has_room)));
        strange_checks_ = strange ? strange_checks_ + 1 : 0;
        if (strange_checks_ >= 2)
            return verdict::deaf;
        if (!c.has_room)
            return verdict::alive;
        if (probe_sent_at_ != clock::time_point::max())
            return now > std::max(arrived_at_, probe_sent_at_) + probe_patience ? verdict::deaf : verdict::alive;
        return now >= arrived_at_ + probe_pause_ ? verdict::probe : verdict::alive;
    }

    static constexpr std::chrono::seconds probe_patience{10};
    static constexpr std::chrono::seconds first_probe_pause{5}; ///< of silence; doubles while nothing but probes come
    static constexpr std::chrono::seconds max_probe_pause{60};

private:
    clock::time_point arrived_at_{};
    clock::time_point probe_sent_at_ = clock::time_point::max(); ///< max: none is on its way
    std::chrono::seconds probe_pause_ = first_probe_pause;
    int strange_checks_ = 0;
    bool arrived_since_check_ = false;
};

} // namespace atrium::events::rabbitmq
