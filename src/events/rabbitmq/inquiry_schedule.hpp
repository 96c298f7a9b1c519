#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace atrium::events::rabbitmq {

/// Decides when a receiver asks its publishers what they have sent, without I/O: at once on each connection, then once a
/// minute, more often while numbers are missing. One thread.
///
/// The reports look like probes. An older version that cannot read probes stores each as a dead letter, so a receiver that is
/// not proven to be the active consumer of its queue asks only a few times.
class inquiry_schedule {
public:
    using clock = std::chrono::steady_clock;

    /// `connection` is the consumer's connection generation.
    [[nodiscard]] bool is_due(std::uint64_t connection, bool is_proven, clock::time_point now) noexcept {
        if (connection != connection_) {
            *this = {};
            connection_ = connection;
            regular_at_ = now;
        }
        return now >= std::min(regular_at_, early_at_) && (is_proven || asked_ < max_unproven);
    }
    void asked(clock::time_point now) noexcept {
        ++asked_;
        regular_at_ = now + pause_;
        early_at_ = clock::time_point::max();
        pause_ = std::min(2 * pause_, max_pause);
    }
    /// Records a publisher's report. If `has_more`, it will send further missing events once it is asked again. Each publisher
    /// reports by itself: one that has nothing to send does not delay the next inquiry to another.
    void reported(bool has_more, clock::time_point now) noexcept {
        pause_ = max_pause;
        regular_at_ = std::max(regular_at_, now + max_pause);
        if (has_more)
            early_at_ = now;
    }
    /// Records that numbers were skipped. Their events may merely be late.
    void skipped(clock::time_point now) noexcept { early_at_ = std::min(early_at_, now + first_pause); }

    static constexpr std::chrono::seconds first_pause{5};
    static constexpr std::chrono::seconds max_pause{60};
    static constexpr int max_unproven = 3; ///< inquiries on one connection

private:
    std::uint64_t connection_ = 0;
    clock::time_point regular_at_{};
    clock::time_point early_at_ = clock::time_point::max();
    std::chrono::seconds pause_ = first_pause;
    int asked_ = 0;
};

} // namespace atrium::events::rabbitmq
