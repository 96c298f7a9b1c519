#include "server/connection_counter.hpp"

namespace atrium::http {

connection_counter::connection_counter(limits max)
    : max_{max}, max_share_{max.connections - max.connections * (100 - max.share) / 100} {}

admission connection_counter::try_open(address_group address) {
    const std::lock_guard lock{mutex_};
    const auto entry = by_address_.find(address);
    const auto address_count = entry == by_address_.end() ? 0 : entry->second;
    if (max_.per_address > 0 && address_count >= max_.per_address)
        return admission::address_has_max;
    if (max_share_ < max_.connections && address_count >= max_share_)
        return admission::address_has_share;
    if (open_ >= max_.connections)
        return admission::full;
    ++(entry == by_address_.end() ? by_address_[address] : entry->second);
    ++open_;
    return admission::admitted;
}

bool connection_counter::try_open_to_refuse() {
    const std::lock_guard lock{mutex_};
    if (open_ >= max_.connections)
        return false;
    ++open_;
    return true;
}

void connection_counter::close(std::optional<address_group> address) noexcept {
    const std::lock_guard lock{mutex_};
    if (address) {
        const auto found = by_address_.find(*address);
        if (--found->second == 0)
            by_address_.erase(found);
    }
    if (--open_ == 0)
        changed_.notify_all();
}

std::size_t connection_counter::open() const {
    const std::lock_guard lock{mutex_};
    return open_;
}

void connection_counter::listener_opened() noexcept {
    const std::lock_guard lock{mutex_};
    ++listeners_;
}

void connection_counter::listener_closed() noexcept {
    const std::lock_guard lock{mutex_};
    if (--listeners_ == 0)
        changed_.notify_all();
}

bool connection_counter::wait_until_none(std::chrono::steady_clock::time_point deadline) {
    std::unique_lock lock{mutex_};
    return changed_.wait_until(lock, deadline, [this] { return listeners_ == 0 && open_ == 0; });
}

} // namespace atrium::http
