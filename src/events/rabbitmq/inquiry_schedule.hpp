#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace atrium::events::rabbitmq {

/// Decides, without I/O, when a receiver asks its publishers what they have sent: immediately on each connection, then with
/// growing pauses until a publisher reports, and then once a minute. The receiver asks earlier if numbers were skipped, or if a
/// publisher has more events to send again. One thread.
///
/// The reports look like probes. An older version that cannot read probes stores each report as a dead letter. Therefore a
/// receiver sends only a few inquiries until it is proven to be the active consumer of its queue.
class inquiry_schedule {
public:
    using clock = std::chrono::steady_clock;

    /// Whether to send an inquiry now. `connection` is `consumer::status::generation`, and `is_proven` is
    /// `consumer::status::is_proven`.
    [[nodiscard]] bool is_due(std::uint64_t connection, bool is_proven, clock::time_point now) noexcept {
        if (connection != connection_) {
            *this = {};
            connection_ = connection;
            regular_at_ = now;
        }
        return now >= std::min(regular_at_, early_at_) && (is_proven || inquiries_ < max_unproven);
    }
    void note_inquiry(clock::time_point now) noexcept {
        ++inquiries_;
        regular_at_ = now + pause_;
        early_at_ = clock::time_point::max();
        pause_ = std::min(2 * pause_, max_pause);
    }
    /// Records a publisher's report. If `has_more`, the publisher will send further missing events after the next inquiry. Each
    /// publisher reports on its own: a report of a publisher that has nothing to send does not delay an inquiry that another
    /// publisher needs.
    void note_report(bool has_more, clock::time_point now) noexcept {
        pause_ = max_pause;
        regular_at_ = std::max(regular_at_, now + max_pause);
        if (has_more)
            early_at_ = now;
    }
    /// Records that numbers were skipped. Their events may merely be late, so the next inquiry comes after `first_pause`, not
    /// immediately.
    void note_skipped_numbers(clock::time_point now) noexcept { early_at_ = std::min(early_at_, now + first_pause); }

    static constexpr std::chrono::seconds first_pause{
        5}; ///< the pause between the first two inquiries; it doubles up to `max_pause`
    static constexpr std::chrono::seconds max_pause{60};
    static constexpr int max_unproven = 3; ///< max number of inquiries on one connection before `is_proven`

private:
    std::uint64_t connection_ = 0;
    clock::time_point regular_at_{};
    clock::time_point early_at_ = clock::time_point::max();
    std::chrono::seconds pause_ = first_pause;
    int inquiries_ = 0; ///< number of inquiries on this connection
};

} // namespace atrium::events::rabbitmq
