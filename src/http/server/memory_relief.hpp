#pragma once

#include <http/memory_budget.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace atrium::http {

/// Decides which connections are closed while memory is short. Of all connections whose clients make no progress, in all
/// workers, those that use the most memory are closed first. Each worker reports its largest such connection. After
/// `set_workers`, all other members may be used on any thread.
class memory_relief {
public:
    /// Connections that use less memory than this are not closed.
    static constexpr std::size_t min_bytes = 4U * 1024;

    explicit memory_relief(const memory_budget& budget) noexcept : budget_{budget} {}

    /// Must be called before any worker starts.
    void set_workers(std::size_t count);

    /// Returns true if memory has been refused since the calling worker called this function last, or if a request for memory
    /// waits now. Each worker keeps a `seen_refusals`; the function sets it to the current number of refusals.
    [[nodiscard]] bool is_short(std::uint64_t& seen_refusals) const noexcept;

    /// `bytes` is the size of the worker's largest stalled connection, 0 if it has none.
    void report(std::size_t worker, std::size_t bytes) noexcept;
    /// Returns true if every reported size is at most `bytes`.
    [[nodiscard]] bool is_largest(std::size_t bytes) const noexcept;

    /// How many bytes, approximately, a worker frees at a time.
    [[nodiscard]] std::size_t portion() const noexcept { return budget_.limit() / 32; }

private:
    const memory_budget& budget_;
    std::size_t count_ = 0;
    std::unique_ptr<std::atomic<std::size_t>[]> largest_; ///< the reported sizes, by worker
};

} // namespace atrium::http
