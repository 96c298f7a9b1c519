#pragma once

#include <boost/asio/ip/address.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>

namespace atrium::http {

/// Counts what is open in all workers of a server: connections, and the listeners that could bring more. Any thread.
class connection_counter {
public:
    connection_counter(std::size_t most, std::size_t most_per_address) : most_{most}, most_per_address_{most_per_address} {}

    /// False where as many connections are open as may be.
    [[nodiscard]] bool try_open() noexcept;
    void close() noexcept;
    [[nodiscard]] std::size_t open() const noexcept { return open_; }

    /// False where that address has as many as it may have.
    [[nodiscard]] bool enter(const boost::asio::ip::address& address);
    void leave(const boost::asio::ip::address& address);
    [[nodiscard]] bool counts_addresses() const noexcept { return most_per_address_ > 0; }

    void listener_opened() noexcept { ++listeners_; }
    void listener_closed() noexcept;

    /// Waits until no listener and no connection is open; false where one still is at `deadline`.
    [[nodiscard]] bool wait_until_none(std::chrono::steady_clock::time_point deadline);

private:
    void tell() noexcept;

    const std::size_t most_;
    const std::size_t most_per_address_;
    std::atomic<std::size_t> open_{0};
    std::atomic<std::size_t> listeners_{0};

    std::mutex mutex_; // guards `by_address_`, and the way from a count to the one who waits for it
    std::condition_variable changed_;
    std::map<boost::asio::ip::address, std::size_t> by_address_;
};

} // namespace atrium::http
