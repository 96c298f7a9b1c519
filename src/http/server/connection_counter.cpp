#include "server/connection_counter.hpp"

namespace atrium::http {

bool connection_counter::try_open() noexcept {
    auto now = open_.load();
    while (now < most_)
        if (open_.compare_exchange_weak(now, now + 1))
            return true;
    return false;
}

void connection_counter::close() noexcept {
    if (open_.fetch_sub(1) == 1)
        tell();
}

bool connection_counter::enter(const boost::asio::ip::address& address) {
    const std::lock_guard lock{mutex_};
    auto& count = by_address_[address];
    if (count >= most_per_address_)
        return false;
    ++count;
    return true;
}

void connection_counter::leave(const boost::asio::ip::address& address) {
    const std::lock_guard lock{mutex_};
    const auto found = by_address_.find(address);
    if (found != by_address_.end() && --found->second == 0)
        by_address_.erase(found);
}

void connection_counter::listener_closed() noexcept {
    if (listeners_.fetch_sub(1) == 1)
        tell();
}

bool connection_counter::wait_until_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock{mutex_};
    return changed_.wait_until(lock, deadline, [this] { return listeners_ == 0 && open_ == 0; });
}

/// The lock keeps this from falling between the waiter's look at the counts and its sleep.
void connection_counter::tell() noexcept {
    const std::lock_guard lock{mutex_};
    changed_.notify_all();
}

} // namespace atrium::http
