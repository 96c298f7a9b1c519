#include <rate_limits/window_counter.hpp>

namespace atrium::rate_limits {

window_counter::window_counter(std::chrono::milliseconds length, std::size_t max_clients)
    : length_{length}, max_clients_in_shard_{max_clients / shard_count + 1} {}

std::chrono::seconds window_counter::left_at(clock::time_point now) const noexcept {
    return std::chrono::ceil<std::chrono::seconds>(length_ * (window_at(now) + 1) - now.time_since_epoch());
}

/// The caller must hold the mutex.
std::int64_t* window_counter::shard::find(std::string_view client, std::int64_t current_window, std::size_t max_clients) {
    if (window != current_window) {
        window = current_window;
        requests.clear();
        requests_of_others = 0;
    }
    if (const auto known = requests.find(client); known != requests.end())
        return &known->second;
    return requests.size() >= max_clients ? &requests_of_others : nullptr;
}

window_counter::count window_counter::add(std::string_view client, clock::time_point now) {
    auto& s = shard_of(client);
    const std::lock_guard lock{s.mutex};
    auto* known = s.find(client, window_at(now), max_clients_in_shard_);
    if (!known)
        known = &s.requests.emplace(client, 0).first->second;
    return {++*known, left_at(now)};
}

window_counter::count window_counter::find(std::string_view client, clock::time_point now) {
    auto& s = shard_of(client);
    const std::lock_guard lock{s.mutex};
    const auto* known = s.find(client, window_at(now), max_clients_in_shard_);
    return {known ? *known : 0, left_at(now)};
}

} // namespace atrium::rate_limits
