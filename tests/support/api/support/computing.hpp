#pragma once

#include <base/processor_time.hpp>

namespace support {

/// Keeps the calling thread's processor busy.
inline void compute(std::chrono::nanoseconds time) {
    const auto end = atrium::thread_processor_time() + time;
    while (atrium::thread_processor_time() < end) {
    }
}

} // namespace support
