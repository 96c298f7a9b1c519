#pragma once

#include <http/request.hpp>
#include <http/response.hpp>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::http {

/// One exchange, that is, a request and its response, as it is known when the response is complete.
struct exchange {
    const request& q;
    std::string_view route; ///< the pattern of the route, which lives as long as the router; empty if there is none
    http::status status;
    std::size_t body_bytes; ///< the size of the response's body; 0 if it is streamed
    std::chrono::system_clock::time_point began;
    std::chrono::steady_clock::duration duration;
};

/// One exchange in the form in which it is kept.
struct recorded_request {
    std::uint64_t seq = 0; ///< counts from 1; 0 if nothing is recorded here
    std::chrono::system_clock::time_point began{};
    verb method = verb::unknown;
    std::string target{};     ///< without secrets, and at most `recent_requests::max_target` bytes
    std::string_view route{}; ///< see `exchange`
    http::status status = http::status::unknown;
    std::chrono::steady_clock::duration duration{0};
    std::size_t body_bytes = 0;
    std::string request_id{};
    std::string traceparent{};
    std::string principal{};    ///< its name; empty if nothing is known about the client
    bool is_of_console = false; ///< a page of the console has sent it to load data, as its header Atrium-Client shows
    boost::asio::ip::address address{};
};

/// The latest exchanges of a server, in memory, so that people can search them. The memory is bounded: there is a fixed number
/// of places, and a new exchange replaces the oldest one and reuses the memory of its texts. Any thread. The router must
/// outlive this object.
class recent_requests {
public:
    static constexpr std::size_t capacity = 10'000;
    static constexpr std::size_t max_target = 500; ///< bytes; the places together need at most 10 MB

    recent_requests() : places_(capacity) {}

    /// Called by the server for each response. This costs an atomic increment, a lock that is almost never contended, and
    /// copies of short texts into existing memory.
    void record(const exchange& e);

    /// Calls `look` for each recorded request that is older than `before`, the newest first, until `look` returns false. `look`
    /// must be quick, because a lock is held while it runs. Requests that are recorded or replaced during the call may be left
    /// out.
    /// @param before a `seq`; 0 to begin with the newest request
    void visit(std::uint64_t before, const std::function<bool(const recorded_request&)>& look);

private:
    /// Consecutive requests have different locks, so that workers do not wait for each other.
    static constexpr std::size_t lock_count = 64;

    [[nodiscard]] recorded_request& place_of(std::uint64_t seq) noexcept { return places_[seq % capacity]; }
    [[nodiscard]] std::mutex& lock_of(std::uint64_t seq) noexcept { return locks_[seq % capacity % lock_count]; }

    std::vector<recorded_request> places_;
    std::array<std::mutex, lock_count> locks_;
    std::atomic<std::uint64_t> last_seq_{0};
};

} // namespace atrium::http
