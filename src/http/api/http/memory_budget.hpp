#pragma once

#include <base/awaitable.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

/// One budget for the memory that clients make the process use (docs/http.md#memory).
namespace atrium::http {

/// What memory is used for; a label of the metrics.
enum class memory_use {
    incoming,      ///< request bodies and WebSocket messages that are being received
    responses,     ///< responses that are being made, or were not taken by their clients yet
    subscriptions, ///< GraphQL's, for as long as they are open
    documents,     ///< GraphQL's cache
    assets,        ///< files that are kept in another form than they are embedded in
};
inline constexpr std::size_t memory_uses = 5;

class memory_budget;

/// The part of the budget that has one use. Any thread; lives as long as its budget.
class memory_share {
public:
    /// False if the budget does not have it. Claims of more than `memory_budget::small` bytes leave a reserve for smaller ones.
    [[nodiscard]] bool try_take(std::size_t bytes, bool is_large) noexcept;
    /// Also beyond the budget: for memory that is in use already.
    void take(std::size_t bytes) noexcept;
    void give(std::size_t bytes) noexcept;

    [[nodiscard]] std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    [[nodiscard]] memory_budget& budget() const noexcept { return *budget_; }

private:
    friend class memory_budget;
    memory_budget* budget_ = nullptr;
    std::atomic<std::size_t> used_{0};
};

/// A share as seen by one thread, which takes from it in large pieces: what a connection takes and gives costs no atomic
/// operation most of the time. The share must outlive it.
class memory_account {
public:
    explicit memory_account(memory_share& share) noexcept : share_{share} {}
    ~memory_account() { share_.give(taken_); }
    memory_account(const memory_account&) = delete;
    memory_account& operator=(const memory_account&) = delete;

    [[nodiscard]] bool try_take(std::size_t bytes, bool is_large) noexcept;
    void take(std::size_t bytes) noexcept;
    void give(std::size_t bytes) noexcept;

private:
    memory_share& share_;
    std::size_t taken_ = 0;
    std::size_t used_ = 0;
};

/// A number of bytes of a `memory_share` or `memory_account`, which must outlive it. Has that source's thread rules.
template <class Source>
class basic_memory_lease {
public:
    basic_memory_lease() noexcept = default;
    explicit basic_memory_lease(Source& source) noexcept : source_{&source} {}
    /// Of bytes that were taken from the source already.
    basic_memory_lease(Source& source, std::size_t taken) noexcept : source_{&source}, size_{taken} {}
    ~basic_memory_lease() { resize(0); }
    basic_memory_lease(basic_memory_lease&& other) noexcept : source_{other.source_}, size_{std::exchange(other.size_, 0)} {}
    basic_memory_lease& operator=(basic_memory_lease&& other) noexcept {
        if (this != &other) {
            resize(0);
            source_ = other.source_;
            size_ = std::exchange(other.size_, 0);
        }
        return *this;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }

    /// Becomes that large, also beyond the budget. Without a source nothing is counted.
    void resize(std::size_t size) noexcept {
        if (!source_)
            return;
        if (size > size_)
            source_->take(size - size_);
        else if (size < size_)
            source_->give(size_ - size);
        size_ = size;
    }

    /// As `resize`, but false, with the size as it was, if that is beyond the budget.
    [[nodiscard]] bool try_resize(std::size_t size) noexcept;

private:
    Source* source_ = nullptr;
    std::size_t size_ = 0;
};

using memory_lease = basic_memory_lease<memory_share>;
using account_lease = basic_memory_lease<memory_account>;

/// How much memory clients may make the process use, and who waits for some. What is counted is estimated where it cannot be
/// known, so the process may use somewhat more. Any thread.
class memory_budget {
public:
    /// Bytes of a claim that may use the reserve: the last eighth of the budget.
    static constexpr std::size_t small = 64U * 1024;

    /// `patience` is how long `acquire` waits.
    explicit memory_budget(std::size_t limit, std::chrono::milliseconds patience = std::chrono::seconds{5}) noexcept;
    memory_budget(const memory_budget&) = delete;
    memory_budget& operator=(const memory_budget&) = delete;

    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
    /// Of all uses together; can be more than the limit.
    [[nodiscard]] std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    /// Whether new work may begin: not while all is used.
    [[nodiscard]] bool may_begin() noexcept;
    [[nodiscard]] memory_share& share(memory_use use) noexcept { return shares_.at(static_cast<std::size_t>(use)); }
    [[nodiscard]] const memory_share& share(memory_use use) const noexcept { return shares_.at(static_cast<std::size_t>(use)); }

    /// Takes bytes for something that is about to begin, or waits for them. Who claims more than `small` bytes waits in one
    /// line. A claim of more than half of the budget becomes one of half. Empty if it is not there in time, or if the coroutine
    /// is cancelled.
    [[nodiscard]] awaitable<std::optional<memory_lease>> acquire(memory_use use, std::size_t bytes);

    /// How many wait for memory.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.load(); }
    /// How often memory was refused until now.
    [[nodiscard]] std::uint64_t refusals() const noexcept { return refusals_.load(std::memory_order_relaxed); }

private:
    friend class memory_share;
    struct waiter;
    class place_in_line;

    [[nodiscard]] bool try_take(memory_share& share, std::size_t bytes, bool is_large) noexcept;
    [[nodiscard]] bool take_if_there(memory_share& share, std::size_t bytes, bool is_large) noexcept;
    void take(memory_share& share, std::size_t bytes) noexcept;
    void give(memory_share& share, std::size_t bytes) noexcept;
    void serve_line() noexcept;

    const std::size_t limit_;
    const std::chrono::milliseconds patience_;
    std::atomic<std::size_t> used_{0};
    std::array<memory_share, memory_uses> shares_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::uint64_t> refusals_{0};

    std::mutex mutex_; // guards `line_` and what its waiters are granted
    std::list<std::shared_ptr<waiter>> line_;
};

template <class Source>
bool basic_memory_lease<Source>::try_resize(std::size_t size) noexcept {
    if (source_ && size > size_ && !source_->try_take(size - size_, size > memory_budget::small))
        return false;
    if (size > size_)
        size_ = size;
    else
        resize(size);
    return true;
}

/// What fits the machine: a quarter of its memory, or of what its control groups leave of it, and at most 512 MiB.
[[nodiscard]] std::size_t default_memory_limit();

} // namespace atrium::http
