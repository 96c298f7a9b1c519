#include "window_counter.hpp"

namespace atrium::rate_limits {

window_counter::window_counter(std::chrono::milliseconds length, std::size_t max_clients)
    : length_{length}, max_clients_in_shard_{max_clients / shard_count + 1} {}

window_counter::count window_counter::add(std::string_view client, clock::time_point now) {
    const auto time = now.time_since_epoch();
    const std::int64_t window = time / length_;
    const auto left = std::chrono::ceil<std::chrono::seconds>(length_ * (window + 1) - time);

    auto& s = shards_[text_hash{}(client) % shard_count];
    const std::lock_guard lock{s.mutex};
    if (s.window != window) {
        s.window = window;
        s.requests.clear();
        s.requests_of_others = 0;
    }
    if (const auto known = s.requests.find(client); known != s.requests.end())
        return {++known->second, left};
    if (s.requests.size() >= max_clients_in_shard_)
        return {++s.requests_of_others, left};
    s.requests.emplace(client, 1);
    return {1, left};
}

} // namespace atrium::rate_limits
