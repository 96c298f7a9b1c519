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

result<> write_queue::push(std::unique_ptr<waiting_write>& one) {
    const std::lock_guard lock{mutex_};
    if (closed_)
        return *closed_;
    if (one->in == write_priority::request && requests_.size() >= limit_)
        return error{.code = errc::unavailable,
                     .detail = "too many changes are waiting; nothing was changed, try again shortly",
                     .retry_after = std::chrono::seconds{1}};
    (one->in == write_priority::request ? requests_ : internal_).push_back(std::move(one));
    filled_.notify_one();
    return {};
}

write_queue::woken write_queue::take(waiting_writes& batch, std::size_t at_most,
                                     std::optional<std::chrono::steady_clock::duration> patience) {
    std::unique_lock lock{mutex_};
    const auto ready = [this] { return !requests_.empty() || !internal_.empty() || closed_ || is_signalled_; };
    if (!patience)
        filled_.wait(lock, ready);
    else if (!filled_.wait_for(lock, *patience, ready))
        return woken::by_time;
    if (std::exchange(is_signalled_, false))
        return woken::by_signal;
    if (requests_.empty() && internal_.empty())
        return woken::by_end;

    favors_requests_ = !favors_requests_;
    const auto room_for_requests = std::min(requests_.size(), (at_most + (favors_requests_ ? 1 : 0)) / 2);
    const auto internal = std::min(internal_.size(), at_most - room_for_requests);
    move_front(internal_, internal, batch);
    move_front(requests_, std::min(requests_.size(), at_most - internal), batch);
    return woken::by_work;
}

void write_queue::close(error why) {
    const std::lock_guard lock{mutex_};
    if (!closed_)
        closed_ = std::move(why);
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
