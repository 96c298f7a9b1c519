#pragma once

#include <http/memory_budget.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium::http {

/// Decides which connections are closed while memory is short. Of all connections whose clients make no progress, in all
/// workers, those that use the most memory are closed first. Each worker reports its largest such connection. Any thread,
/// after `set_workers`.
class memory_relief {
public:
    /// Connections that use less memory than this are not closed.
    static constexpr std::size_t min_bytes = 4U * 1024;

    explicit memory_relief(const memory_budget& budget) noexcept : budget_{budget} {}

    /// Must be called before any worker starts.
    void set_workers(std::size_t count);

    /// Whether memory has been refused since the calling worker last called this function, or a claim waits for memory.
    /// `seen_refusals` belongs to that worker and contains the number of refusals at its last call.
    [[nodiscard]] bool is_short(std::uint64_t& seen_refusals) const noexcept;

    /// `bytes` is the size of the worker's largest stalled connection, 0 if it has none.
    void report(std::size_t worker, std::size_t bytes) noexcept;
    /// Whether no worker has reported a larger connection.
    [[nodiscard]] bool is_largest(std::size_t bytes) const noexcept;

    /// How many bytes, approximately, a worker frees at a time.
    [[nodiscard]] std::size_t portion() const noexcept { return budget_.limit() / 32; }

private:
    const memory_budget& budget_;
    std::size_t count_ = 0;
    std::unique_ptr<std::atomic<std::size_t>[]> largest_; ///< the reported sizes, by worker
};

} // namespace atrium::http
