#include <base/computation.hpp>
#include <base/timer.hpp>
#include <http/memory_budget.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>

namespace atrium::http {
namespace {

constexpr std::size_t account_piece = 256U * 1024; // an account takes memory in pieces of this size

constexpr std::size_t round_up(std::size_t bytes) {
    return (bytes + account_piece - 1) / account_piece * account_piece;
}

} // namespace

// ---- shares and accounts

bool memory_share::try_take(std::size_t bytes, bool is_large) noexcept {
    return budget_->try_take(*this, bytes, is_large);
}

void memory_share::take(std::size_t bytes) noexcept {
    budget_->take(*this, bytes);
}

void memory_share::give(std::size_t bytes) noexcept {
    if (bytes > 0)
        budget_->give(*this, bytes);
}

bool memory_account::try_take(std::size_t bytes, bool is_large) noexcept {
    if (used_ + bytes > taken_) {
        // If the budget has no whole piece left, it may still have enough for this claim.
        const auto missing = used_ + bytes - taken_;
        const auto whole_pieces = round_up(missing);
        if (share_.try_take(whole_pieces, is_large))
            taken_ += whole_pieces;
        else if (whole_pieces > missing && share_.try_take(missing, is_large))
            taken_ += missing;
        else
            return false;
    }
    used_ += bytes;
    return true;
}

void memory_account::take(std::size_t bytes) noexcept {
    used_ += bytes;
    if (used_ <= taken_)
        return;
    const auto missing = round_up(used_ - taken_);
    share_.take(missing);
    taken_ += missing;
}

/// Gives memory back only if two pieces or more are not in use, and then keeps one of them, so that the next request need not
/// take it again.
void memory_account::give(std::size_t bytes) noexcept {
    used_ -= bytes;
    if (taken_ - used_ < 2 * account_piece)
        return;
    const auto spare = taken_ - used_ - account_piece;
    share_.give(spare);
    taken_ -= spare;
}

// ---- the budget

struct memory_budget::waiter {
    waiter(memory_share& source, std::size_t size, const executor& own_executor)
        : share{source}, bytes{size}, is_large{size > max_small}, timer{own_executor} {}

    memory_share& share;
    const std::size_t bytes;
    const bool is_large;
    steady_timer timer; ///< used only on the waiter's thread
    bool is_granted = false;
};

/// A position in the queue. The claim leaves the queue at the end of the scope, even if the coroutine is destroyed while it
/// waits.
class memory_budget::place_in_line {
public:
    place_in_line(memory_budget& budget, std::shared_ptr<waiter> self) : budget_{budget}, self_{std::move(self)} {
        const std::lock_guard lock{budget_.mutex_};
        budget_.queue_.push_back(self_);
        ++budget_.waiting_;
    }
    ~place_in_line() {
        if (leave())
            self_->share.give(self_->bytes);
        else
            budget_.serve_queue(); // the next claim may be smaller, and may therefore be granted now
    }
    place_in_line(const place_in_line&) = delete;
    place_in_line& operator=(const place_in_line&) = delete;

    /// Leaves the queue. Returns whether the memory has been granted; if so, the caller owns it.
    [[nodiscard]] bool leave() noexcept {
        const std::lock_guard lock{budget_.mutex_};
        if (std::exchange(self_->is_granted, false)) {
            has_left_ = true;
            return true;
        }
        if (!std::exchange(has_left_, true)) {
            budget_.queue_.remove(self_);
            --budget_.waiting_;
        }
        return false;
    }

private:
    memory_budget& budget_;
    std::shared_ptr<waiter> self_;
    bool has_left_ = false;
};

memory_budget::memory_budget(std::size_t limit, std::chrono::milliseconds patience) noexcept
    : limit_{limit}, patience_{patience} {
    for (auto& each : shares_)
        each.budget_ = this;
}

bool memory_budget::take_if_available(memory_share& share, std::size_t bytes, bool is_large) noexcept {
    const auto max_used = is_large ? limit_ - limit_ / 8 : limit_;
    auto current = used_.load();
    while (bytes <= max_used && current <= max_used - bytes)
        if (used_.compare_exchange_weak(current, current + bytes)) {
            share.used_.fetch_add(bytes, std::memory_order_relaxed);
            return true;
        }
    return false;
}

bool memory_budget::try_take(memory_share& share, std::size_t bytes, bool is_large) noexcept {
    if (take_if_available(share, bytes, is_large))
        return true;
    refusals_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

bool memory_budget::may_begin() noexcept {
    if (used() < limit_) [[likely]]
        return true;
    refusals_.fetch_add(1, std::memory_order_relaxed);
    return false;
}

void memory_budget::take(memory_share& share, std::size_t bytes) noexcept {
    used_.fetch_add(bytes);
    share.used_.fetch_add(bytes, std::memory_order_relaxed);
}

void memory_budget::give(memory_share& share, std::size_t bytes) noexcept {
    share.used_.fetch_sub(bytes, std::memory_order_relaxed);
    used_.fetch_sub(bytes);
    if (waiting_.load() > 0) [[unlikely]]
        serve_queue();
}

/// Grants memory to the claims at the front of the queue. When a claim joins the queue, it increases `waiting_` before it
/// checks the budget. When memory is released, its bytes are returned before `waiting_` is checked. So either the claim finds
/// the released memory, or the release finds the waiting claim.
void memory_budget::serve_queue() noexcept {
    const std::lock_guard lock{mutex_};
    while (!queue_.empty() && take_if_available(queue_.front()->share, queue_.front()->bytes, queue_.front()->is_large)) {
        auto next = std::move(queue_.front());
        queue_.pop_front();
        --waiting_;
        next->is_granted = true;
        const auto own_executor = next->timer.get_executor();
        asio::post(own_executor, [next = std::move(next)] { next->timer.cancel(); });
    }
}

awaitable<std::optional<memory_lease>> memory_budget::acquire(memory_use use, std::size_t bytes) {
    auto& source = share(use);
    bytes = std::min(bytes, limit_ / 2);
    const bool is_large = bytes > max_small;
    if (!(is_large && waiting() > 0) && source.try_take(bytes, is_large)) // a large claim does not overtake those that wait
        co_return memory_lease{source, bytes};
    auto self = std::make_shared<waiter>(source, bytes, co_await asio::this_coro::executor);
    self->timer.expires_after(patience_);
    place_in_line place{*this, self};
    serve_queue();
    const computation::pause measurement_pause;
    (void)co_await self->timer.async_wait(asio::as_tuple(asio::deferred));
    if (!place.leave())
        co_return std::nullopt;
    co_return memory_lease{source, bytes};
}

} // namespace atrium::http
