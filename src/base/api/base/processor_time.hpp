#pragma once

#include <chrono>
#include <ctime>

namespace atrium {

/// The processor time that the calling thread has used since it started. Reading it is a system call, unlike reading
/// steady_clock.
[[nodiscard]] inline std::chrono::nanoseconds thread_processor_time() noexcept {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
}

} // namespace atrium
