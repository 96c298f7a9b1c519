#pragma once

#include <algorithm>
#include <chrono>

namespace atrium {

/// A budget of computing time that fills up at a steady rate. It limits how much a client may use in one burst, and how much in
/// the long run. It may be overdrawn; the debt is paid back at the same rate. A new bucket is full. It takes 8 bytes, because
/// it stores only the time at which it will be full (the generic cell rate algorithm).
class token_bucket {
public:
    using clock = std::chrono::steady_clock;

    struct rate {
        std::chrono::nanoseconds per_second{}; ///< zero means no limit
        std::chrono::nanoseconds burst{};      ///< amount in a full bucket

        [[nodiscard]] bool is_limited() const noexcept { return per_second.count() > 0; }
    };

    /// The amount that is left; negative if the bucket is overdrawn.
    [[nodiscard]] std::chrono::nanoseconds left(const rate& r, clock::time_point now) const noexcept {
        return full_at_ <= now ? r.burst : r.burst - scaled(full_at_ - now, r.per_second / second);
    }
    /// How long it takes until more than `reserve` is left. `reserve` is a fraction of the burst: at least 0 and less than 1.
    /// Returns zero if more is left now.
    [[nodiscard]] std::chrono::nanoseconds waiting_time(const rate& r, clock::time_point now,
                                                        double reserve = 0) const noexcept {
        if (full_at_ <= now) [[likely]]
            return {};
        const auto amount = left(r, now) - scaled(r.burst, reserve);
        return amount.count() > 0 ? std::chrono::nanoseconds{} : scaled(-amount, second / r.per_second);
    }
    /// Takes an amount, even if less is left. `r.is_limited()` must be true.
    void take(const rate& r, std::chrono::nanoseconds amount, clock::time_point now) noexcept {
        full_at_ = std::max(full_at_, now) + scaled(amount, second / r.per_second);
    }
    /// The time at which the bucket is full if nothing more is taken; in the past if it is full already.
    [[nodiscard]] clock::time_point full_at() const noexcept { return full_at_; }

private:
    static constexpr std::chrono::duration<double, std::nano> second{1e9};

    [[nodiscard]] static std::chrono::nanoseconds scaled(std::chrono::nanoseconds time, double factor) noexcept {
        return std::chrono::duration_cast<std::chrono::nanoseconds>(time * factor);
    }

    clock::time_point full_at_{};
};

} // namespace atrium
