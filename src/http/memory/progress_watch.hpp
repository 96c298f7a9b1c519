#pragma once

#include <chrono>
#include <cstddef>

namespace atrium::http {

/// Measures how long a client has made no progress while the server waits for it. A few bytes from time to time do not count as
/// progress. No I/O. One thread.
class progress_watch {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Begins to measure, because the server waits for the client from now on. Has no effect if the server already waits.
    void begin(time_point now) noexcept;
    void end() noexcept { waiting_since_ = time_point::max(); }
    /// Records that the client has sent or received `bytes` bytes since the last call.
    void advance(std::size_t bytes, time_point now) noexcept;

    /// Whether the server waits for the client, and the client has made no progress for `patience`.
    [[nodiscard]] bool is_stalled(time_point now, std::chrono::milliseconds patience) const noexcept {
        return waiting_since_ != time_point::max() && now - waiting_since_ >= patience;
    }

private:
    time_point waiting_since_ = time_point::max();
    std::size_t bytes_ = 0;
};

} // namespace atrium::http
