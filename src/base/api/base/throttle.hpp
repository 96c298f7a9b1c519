#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace atrium {

/// Limits the number of log lines in each interval, and counts those that it holds back. For events that may happen at any
/// rate. One thread.
class throttle {
public:
    using time_point = std::chrono::steady_clock::time_point;

    throttle(int max_lines, std::chrono::steady_clock::duration interval) noexcept
        : max_lines_{max_lines}, interval_{interval} {}

    [[nodiscard]] static throttle once_a_minute() noexcept { return {1, std::chrono::minutes{1}}; }

    /// Empty if this line must be held back. Otherwise the line may be logged, and the result is the number of lines that were
    /// held back since the last one that was logged.
    [[nodiscard]] std::optional<std::uint64_t> pass(time_point now = std::chrono::steady_clock::now()) noexcept {
        if (!began_ || now - *began_ >= interval_) {
            began_ = now;
            lines_ = 0;
        }
        if (lines_ >= max_lines_) {
            ++held_back_;
            return std::nullopt;
        }
        ++lines_;
        return std::exchange(held_back_, 0);
    }

    /// Lets the next line through in any case. Call it when the condition that the lines report is over.
    void reset() noexcept { began_.reset(); }

    /// Number of lines held back since the last one that was logged.
    [[nodiscard]] std::uint64_t held_back() const noexcept { return held_back_; }

private:
    const int max_lines_;
    const std::chrono::steady_clock::duration interval_;
    std::optional<time_point> began_;
    int lines_ = 0;
    std::uint64_t held_back_ = 0;
};

} // namespace atrium
