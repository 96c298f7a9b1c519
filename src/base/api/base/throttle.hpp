#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace atrium {

/// Lets so many log lines through in each interval, and counts those that it holds back: for lines about what may happen in any
/// number. One thread.
class throttle {
public:
    using time_point = std::chrono::steady_clock::time_point;

    throttle(int max_lines, std::chrono::steady_clock::duration interval) noexcept
        : max_lines_{max_lines}, interval_{interval} {}

    [[nodiscard]] static throttle once_a_minute() noexcept { return {1, std::chrono::minutes{1}}; }

    /// Empty if this line is held back. Otherwise it may pass, and tells how many were held back since the last that passed.
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

    /// The next line passes in any case: what the lines are about is over.
    void reset() noexcept { began_.reset(); }

    /// Since the last line that passed.
    [[nodiscard]] std::uint64_t held_back() const noexcept { return held_back_; }

private:
    const int max_lines_;
    const std::chrono::steady_clock::duration interval_;
    std::optional<time_point> began_;
    int lines_ = 0;
    std::uint64_t held_back_ = 0;
};

} // namespace atrium
