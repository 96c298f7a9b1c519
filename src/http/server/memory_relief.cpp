#include "server/memory_relief.hpp"

#include <utility>

namespace atrium::http {

void memory_relief::set_workers(std::size_t count) {
    largest_ = std::make_unique<std::atomic<std::size_t>[]>(count);
    count_ = count;
}

bool memory_relief::is_short(std::uint64_t& seen_refusals) const noexcept {
    const auto current = budget_.refusals();
    return std::exchange(seen_refusals, current) != current || budget_.waiting() > 0;
}

void memory_relief::report(std::size_t worker, std::size_t bytes) noexcept {
    largest_[worker].store(bytes, std::memory_order_relaxed);
}

bool memory_relief::is_largest(std::size_t bytes) const noexcept {
    for (std::size_t worker = 0; worker < count_; ++worker)
        if (largest_[worker].load(std::memory_order_relaxed) > bytes)
            return false;
    return true;
}

} // namespace atrium::http
