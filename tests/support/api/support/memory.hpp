#pragma once

#include <cstdint>
#include <fstream>
#include <stdexcept>
#include <string>

// The resident memory of this process, in bytes.
namespace atrium::support {

/// The peak since the start of the process or since the last call of `reset_peak_memory`.
[[nodiscard]] inline std::int64_t peak_memory() {
    std::ifstream status{"/proc/self/status"};
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("VmHWM:"))
            return std::stoll(line.substr(6)) * 1024; // "VmHWM:     1234 kB"
    throw std::runtime_error{"/proc/self/status has no VmHWM"};
}

/// Resets the peak to the memory that is resident now, and returns it.
inline std::int64_t reset_peak_memory() {
    std::ofstream{"/proc/self/clear_refs"} << "5";
    return peak_memory();
}

} // namespace atrium::support
