#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::http {

/// How long a client that is waited for has made no progress; a byte now and then does not count. No I/O. One thread.
class progress_watch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// It is waited for from now on.
    void begin(time_point now) noexcept;
    void end() noexcept { since_ = time_point::max(); }
    /// It has sent or taken so many bytes.
    void advance(std::size_t bytes, time_point now) noexcept;

    /// Whether it is waited for and has made no progress for `patience`.
    [[nodiscard]] bool is_stalled(time_point now, std::chrono::milliseconds patience) const noexcept {
        return since_ != time_point::max() && now - since_ >= patience;
    }

private:
    time_point since_ = time_point::max();
    std::size_t bytes_ = 0;
};

} // namespace atrium::http
