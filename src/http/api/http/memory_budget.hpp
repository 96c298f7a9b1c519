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

/// One budget for the memory that clients cause the process to use (docs/http.md#memory).
namespace atrium::http {

/// The purpose of memory; a label of the metrics.
enum class memory_use {
    incoming,      ///< request bodies and WebSocket messages that are being received
    responses,     ///< responses that are being built, or that clients have not received completely
    subscriptions, ///< open GraphQL subscriptions
    documents,     ///< GraphQL's cache of documents
    assets,        ///< unpacked copies of embedded files
};
inline constexpr std::size_t memory_uses = 5;

class memory_budget;

/// The memory that one use has taken from the budget. Any thread; lives as long as its budget.
class memory_share {
public:
    /// Returns false if the budget has too little left. A claim of more than `memory_budget::max_small` bytes is large, and
    /// does not use the reserve for small claims.
    [[nodiscard]] bool try_take(std::size_t bytes, bool is_large) noexcept;
    /// Counts memory that is already in use, even if this exceeds the budget.
    void take(std::size_t bytes) noexcept;
    void give(std::size_t bytes) noexcept;

    [[nodiscard]] std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    [[nodiscard]] memory_budget& budget() const noexcept { return *budget_; }

private:
    friend class memory_budget;
    memory_budget* budget_ = nullptr;
    std::atomic<std::size_t> used_{0};
};

/// The part of a `memory_share` that one thread uses. The account takes memory from the share in large pieces, so that most of
/// a connection's operations need no atomic operation. The share must outlive the account.
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

/// A number of bytes that are taken from a `memory_share` or `memory_account`, and given back when the lease is destroyed. The
/// source must outlive the lease, and the lease may be used only on threads that may use the source.
template <class Source>
class basic_memory_lease {
public:
    basic_memory_lease() noexcept = default;
    explicit basic_memory_lease(Source& source) noexcept : source_{&source} {}
    /// Holds bytes that were already taken from the source.
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

    /// Changes the size, even if this exceeds the budget. Without a source, nothing is counted.
    void resize(std::size_t size) noexcept {
        if (!source_)
            return;
        if (size > size_)
            source_->take(size - size_);
        else if (size < size_)
            source_->give(size_ - size);
        size_ = size;
    }

    /// Like `resize`, but returns false and keeps the old size if the budget has too little left.
    [[nodiscard]] bool try_resize(std::size_t size) noexcept;

private:
    Source* source_ = nullptr;
    std::size_t size_ = 0;
};

using memory_lease = basic_memory_lease<memory_share>;
using account_lease = basic_memory_lease<memory_account>;

/// Limits the memory that clients cause the process to use, and has a queue for the claims that wait for memory. Sizes that
/// cannot be known are estimated, so the process may use somewhat more. Any thread.
class memory_budget {
public:
    /// Maximum size of a claim that may use the reserve, which is the last eighth of the budget.
    static constexpr std::size_t max_small = 64U * 1024;

    /// `patience` is the maximum time that `acquire` waits.
    explicit memory_budget(std::size_t limit, std::chrono::milliseconds patience = std::chrono::seconds{5}) noexcept;
    memory_budget(const memory_budget&) = delete;
    memory_budget& operator=(const memory_budget&) = delete;

    [[nodiscard]] std::size_t limit() const noexcept { return limit_; }
    /// Bytes that all uses have taken together; can exceed the limit.
    [[nodiscard]] std::size_t used() const noexcept { return used_.load(std::memory_order_relaxed); }
    /// Whether new work may begin, which is not the case while the whole budget is used. Each false result counts as a refusal.
    [[nodiscard]] bool may_begin() noexcept;
    [[nodiscard]] memory_share& share(memory_use use) noexcept { return shares_.at(static_cast<std::size_t>(use)); }
    [[nodiscard]] const memory_share& share(memory_use use) const noexcept { return shares_.at(static_cast<std::size_t>(use)); }

    /// Takes memory for work that is about to begin, and waits for it if necessary. Claims wait in one queue. If the budget has
    /// enough left, a claim of at most `max_small` bytes may overtake the others; a larger one never does. A claim of more than
    /// half of the budget is reduced to half. The result is empty if the memory does not become available in time, or if the
    /// coroutine is cancelled.
    [[nodiscard]] awaitable<std::optional<memory_lease>> acquire(memory_use use, std::size_t bytes);

    /// Number of claims that wait for memory.
    [[nodiscard]] std::size_t waiting() const noexcept { return waiting_.load(); }
    /// How often memory has been refused so far.
    [[nodiscard]] std::uint64_t refusals() const noexcept { return refusals_.load(std::memory_order_relaxed); }

private:
    friend class memory_share;
    struct waiter;
    class place_in_line;

    [[nodiscard]] bool try_take(memory_share& share, std::size_t bytes, bool is_large) noexcept;
    [[nodiscard]] bool take_if_available(memory_share& share, std::size_t bytes, bool is_large) noexcept;
    void take(memory_share& share, std::size_t bytes) noexcept;
    void give(memory_share& share, std::size_t bytes) noexcept;
    void serve_queue() noexcept;

    const std::size_t limit_;
    const std::chrono::milliseconds patience_;
    std::atomic<std::size_t> used_{0};
    std::array<memory_share, memory_uses> shares_;
    std::atomic<std::size_t> waiting_{0};
    std::atomic<std::uint64_t> refusals_{0};

    std::mutex mutex_; // guards `queue_` and the memory that its waiters are granted
    std::list<std::shared_ptr<waiter>> queue_;
};

template <class Source>
bool basic_memory_lease<Source>::try_resize(std::size_t size) noexcept {
    if (source_ && size > size_ && !source_->try_take(size - size_, size > memory_budget::max_small))
        return false;
    if (size > size_)
        size_ = size;
    else
        resize(size);
    return true;
}

/// The default limit: a quarter of the machine's memory, or of the limit of the process's control groups if that is smaller,
/// but at most 512 MiB.
[[nodiscard]] std::size_t default_memory_limit();

} // namespace atrium::http
