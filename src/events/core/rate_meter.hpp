#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>

namespace atrium::events {

/// Measures a rate per second, averaged over the last minute. Any thread.
class rate_meter {
public:
    using clock = std::chrono::steady_clock;
    static constexpr std::int64_t seconds = 60;

    void add(double count, clock::time_point now) {
        const std::lock_guard lock{mutex_};
        auto& one = buckets_[index_of(now)];
        if (one.second != second_of(now))
            one = {second_of(now), 0};
        one.count += count;
    }

    /// The average of the last 60 whole seconds. The present second is left out, because a part of a second would make the rate
    /// of a steady stream vary.
    [[nodiscard]] double per_second(clock::time_point now) const {
        const std::lock_guard lock{mutex_};
        const auto end = second_of(now);
        double sum = 0;
        for (const auto& one : buckets_)
            if (one.second >= end - seconds && one.second < end)
                sum += one.count;
        return sum / static_cast<double>(seconds);
    }

private:
    struct bucket {
        std::int64_t second = -1;
        double count = 0;
    };
    static std::int64_t second_of(clock::time_point t) {
        return std::chrono::duration_cast<std::chrono::seconds>(t.time_since_epoch()).count();
    }
    static std::size_t index_of(clock::time_point t) { return static_cast<std::size_t>(second_of(t) % (seconds + 1)); }

    mutable std::mutex mutex_;
    std::array<bucket, seconds + 1> buckets_; ///< one for each second, including the present one
};

} // namespace atrium::events
