#pragma once

#include <base/processor_time.hpp>

namespace support {

/// Computes on the calling thread until it has used this much processor time.
inline void compute(std::chrono::nanoseconds time) {
    const auto end = atrium::thread_processor_time() + time;
    while (atrium::thread_processor_time() < end) {
    }
}

} // namespace support
