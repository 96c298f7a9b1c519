#include "sqlite/write_queue.hpp"

#include <algorithm>
#include <utility>

namespace atrium::storage::sqlite {
namespace {

void move_front(std::deque<std::unique_ptr<waiting_write>>& source, std::size_t count, waiting_writes& target) {
    const auto end = source.begin() + static_cast<std::ptrdiff_t>(count);
    std::move(source.begin(), end, std::back_inserter(target));
    source.erase(source.begin(), end);
}

} // namespace

result<> write_queue::push(std::unique_ptr<waiting_write>& write) {
    const std::lock_guard lock{mutex_};
    if (closing_error_)
        return *closing_error_;
    if (write->priority == write_priority::request && requests_.size() >= limit_)
        return error{.code = errc::unavailable,
                     .detail = "too many changes are waiting; nothing was changed, try again shortly",
                     .retry_after = std::chrono::seconds{1}};
    (write->priority == write_priority::request ? requests_ : internal_).push_back(std::move(write));
    filled_.notify_one();
    return {};
}

write_queue::wake_cause write_queue::take(waiting_writes& batch, std::size_t max_count,
                                          std::optional<std::chrono::steady_clock::duration> max_wait) {
    std::unique_lock lock{mutex_};
    const auto ready = [this] { return !requests_.empty() || !internal_.empty() || closing_error_ || is_signalled_; };
    if (!max_wait)
        filled_.wait(lock, ready);
    else if (!filled_.wait_for(lock, *max_wait, ready))
        return wake_cause::by_time;
    if (std::exchange(is_signalled_, false))
        return wake_cause::by_signal;
    if (requests_.empty() && internal_.empty())
        return wake_cause::by_end;

    favors_requests_ = !favors_requests_;
    const auto request_share = std::min(requests_.size(), (max_count + (favors_requests_ ? 1 : 0)) / 2);
    const auto internal = std::min(internal_.size(), max_count - request_share);
    move_front(internal_, internal, batch);
    move_front(requests_, std::min(requests_.size(), max_count - internal), batch);
    return wake_cause::by_work;
}

void write_queue::close(error reason) {
    const std::lock_guard lock{mutex_};
    if (!closing_error_)
        closing_error_ = std::move(reason);
    filled_.notify_all();
}

void write_queue::signal() {
    const std::lock_guard lock{mutex_};
    is_signalled_ = true;
    filled_.notify_one();
}

std::size_t write_queue::length() const {
    const std::lock_guard lock{mutex_};
    return requests_.size() + internal_.size();
}

} // namespace atrium::storage::sqlite
