#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace atrium {

/// Limits the number of log lines in each interval, and counts the lines that it holds back. It is for log lines about
/// something that may happen very often. Used by one thread.
class throttle {
public:
    using time_point = std::chrono::steady_clock::time_point;

    throttle(int max_lines, std::chrono::steady_clock::duration interval) noexcept
        : max_lines_{max_lines}, interval_{interval} {}

    [[nodiscard]] static throttle once_a_minute() noexcept { return {1, std::chrono::minutes{1}}; }

    /// Empty if this line must be held back. Otherwise the line may be logged, and the result is the number of lines that were
    /// held back since the last one that was logged.
    [[nodiscard]] std::optional<std::uint64_t> pass(time_point now = std::chrono::steady_clock::now()) noexcept {
        if (!interval_begin_ || now - *interval_begin_ >= interval_) {
            interval_begin_ = now;
            line_count_ = 0;
        }
        if (line_count_ >= max_lines_) {
            ++held_back_;
            return std::nullopt;
        }
        ++line_count_;
        return std::exchange(held_back_, 0);
    }

    /// Lets the next line through, even if the interval has not ended. Call it when the reported condition has ended, so that a
    /// line about its next occurrence is not held back.
    void reset() noexcept { interval_begin_.reset(); }

    /// Number of lines held back since the last one that was logged.
    [[nodiscard]] std::uint64_t held_back() const noexcept { return held_back_; }

private:
    const int max_lines_;
    const std::chrono::steady_clock::duration interval_;
    std::optional<time_point> interval_begin_;
    int line_count_ = 0;
    std::uint64_t held_back_ = 0;
};

} // namespace atrium
