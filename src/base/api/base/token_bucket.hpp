#pragma once

#include <algorithm>
#include <chrono>

namespace atrium {

/// A budget of time that fills up at a steady rate: for what a client may use at once, and in the long run. It may be
/// overdrawn; the debt is paid back at the same rate. Begins full. No I/O. 8 bytes: it only knows when it will be full (the
/// generic cell rate algorithm).
class token_bucket {
public:
    using clock = std::chrono::steady_clock;

    struct rate {
        std::chrono::nanoseconds per_second{}; ///< zero: no limit
        std::chrono::nanoseconds burst{};      ///< what a full bucket holds

        [[nodiscard]] bool is_limited() const noexcept { return per_second.count() > 0; }
    };

    /// What is left; negative if it is overdrawn.
    [[nodiscard]] std::chrono::nanoseconds left(const rate& r, clock::time_point now) const noexcept {
        return full_at_ <= now ? r.burst : r.burst - scaled(full_at_ - now, r.per_second / second);
    }
    /// Until there is more left than `reserve`, a part of the burst below 1; zero if there is.
    [[nodiscard]] std::chrono::nanoseconds wait(const rate& r, clock::time_point now, double reserve = 0) const noexcept {
        if (full_at_ <= now) [[likely]]
            return {};
        const auto amount = left(r, now) - scaled(r.burst, reserve);
        return amount.count() > 0 ? std::chrono::nanoseconds{} : scaled(-amount, second / r.per_second);
    }
    void take(const rate& r, std::chrono::nanoseconds amount, clock::time_point now) noexcept {
        full_at_ = std::max(full_at_, now) + scaled(amount, second / r.per_second);
    }
    /// When it is full if nothing more is taken: in the past if it is.
    [[nodiscard]] clock::time_point full_at() const noexcept { return full_at_; }

private:
    static constexpr std::chrono::duration<double, std::nano> second{1e9};

    [[nodiscard]] static std::chrono::nanoseconds scaled(std::chrono::nanoseconds time, double factor) noexcept {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time * factor);
    }

    clock::time_point full_at_{};
};

} // namespace atrium
