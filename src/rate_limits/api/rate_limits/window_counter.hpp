#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace atrium::rate_limits {

/// Counts the requests of each client in consecutive windows of equal length. Any thread.
///
/// Memory is bounded: the clients are divided into shards by their hashes, and once a shard has its part of `max_clients`
/// clients, further clients of the shard share one count. So these clients may be refused too early, but never too late.
class window_counter {
public:
    using clock = std::chrono::steady_clock;

    explicit window_counter(std::chrono::milliseconds length, std::size_t max_clients = 100'000);

    struct count {
        std::int64_t requests;     ///< number of requests in this window; after `add`, including the new one
        std::chrono::seconds left; ///< the time until the next window begins, rounded up
    };
    /// Counts one more request of the client, and returns the new count.
    count add(std::string_view client, clock::time_point now);
    /// Returns the current count of the client without counting a request.
    [[nodiscard]] count find(std::string_view client, clock::time_point now);

private:
    struct text_hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
    };
    /// A part of the clients, chosen by the hash of the name, so that workers rarely wait for each other.
    struct shard {
        std::mutex mutex;
        std::int64_t window = -1; ///< the number of the window whose requests are counted
        std::unordered_map<std::string, std::int64_t, text_hash, std::equal_to<>> requests;
        std::int64_t requests_of_others = 0; ///< one count for all clients that have none of their own

        /// Forgets all counts if a new window has begun. Returns the client's own count or, if the shard is full and the client
        /// has none, the shared count. Returns null if the client has no count yet but can get one.
        [[nodiscard]] std::int64_t* find(std::string_view client, std::int64_t current_window, std::size_t max_clients);
    };
    [[nodiscard]] shard& shard_of(std::string_view client) noexcept { return shards_[text_hash{}(client) % shard_count]; }
    [[nodiscard]] std::int64_t window_at(clock::time_point now) const noexcept { return now.time_since_epoch() / length_; }
    [[nodiscard]] std::chrono::seconds left_at(clock::time_point now) const noexcept;

    static constexpr std::size_t shard_count = 16;

    const std::chrono::milliseconds length_;
    const std::size_t max_clients_in_shard_;
    std::array<shard, shard_count> shards_;
};

} // namespace atrium::rate_limits
