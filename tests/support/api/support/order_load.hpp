#pragma once

#include <support/running_server.hpp>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace atrium::support {

/// A period of time.
struct interval {
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point end;

    [[nodiscard]] bool overlaps(const interval& other) const noexcept { return begin <= other.end && other.begin <= end; }
};

/// The responses that clients have received. The changes that they acknowledge must not be lost, even if servers were killed
/// afterwards.
struct acknowledged_changes {
    std::set<std::int64_t> users;             ///< ids of users for which POST was answered with 201
    std::set<std::int64_t> placed;            ///< ids of orders for which POST was answered with 201
    std::set<std::int64_t> removed;           ///< ids of orders for which DELETE was sent, with or without a response
    std::set<std::int64_t> confirmed_removed; ///< ids of orders for which DELETE was answered with 204
    std::vector<interval> refused;            ///< the times from a request to its response with status 503
    std::vector<interval> unknown; ///< the times from a request to its response with status 500 because of an unknown outcome
    std::vector<std::string> unexpected; ///< requests with any other response

    void add(const acknowledged_changes& other);
};

/// Clients that create users, place orders for them and delete some of the orders, each on a separate thread. If a server is
/// down, they retry until it listens on the same port again. For one thread only, except as noted.
class order_load {
public:
    /// Each client starts its next request one interval after the previous one, or when it has the previous response if that
    /// takes longer.
    struct pace {
        std::size_t clients = 4;
        std::chrono::milliseconds interval{0};
    };

    /// The clients begin immediately. The ports are equal if users and orders run in one process.
    order_load(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, pace p);
    /// Four clients with this interval.
    order_load(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed,
               std::chrono::milliseconds interval = std::chrono::milliseconds{0})
        : order_load{users_port, orders_port, seed, pace{.interval = interval}} {}
    ~order_load();
    order_load(const order_load&) = delete;
    order_load& operator=(const order_load&) = delete;

    /// The number of orders so far for which a client has received 201. Any thread.
    [[nodiscard]] std::size_t placed() const noexcept { return placed_; }
    /// Waits until `number` more orders have been placed.
    void expect_orders(std::size_t number) const;
    /// The number of requests without a response so far. Any thread.
    [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_; }

    /// Stops each client after its next response, and returns the responses of all clients. May be called once.
    [[nodiscard]] acknowledged_changes end();

private:
    class customer;

    void work(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, acknowledged_changes& changes);

    const std::chrono::milliseconds interval_;
    std::atomic<bool> is_running_ = true;
    std::atomic<std::size_t> placed_ = 0;
    std::atomic<std::size_t> unanswered_ = 0;
    std::vector<acknowledged_changes> changes_; ///< one for each thread; only this thread uses it until the thread ends
    std::vector<std::thread> threads_;
};

/// Whether users has counted every order exactly once. If the broker drops events, this is false until their publisher has sent
/// them again, which takes about a minute (docs/rabbitmq.md#gaps-at-the-broker). No load may be running. Both processes may be
/// the same one.
[[nodiscard]] bool is_every_order_counted(running_server& users_process, running_server& orders_process);

/// Checks that the databases of both processes are intact and contain every acknowledged user and order, that no event became a
/// dead letter, and that users has counted every order exactly once, including orders whose response never arrived. The
/// processes must be running, and all events must have been handled. Both processes may be the same one.
void check_nothing_lost(running_server& users_process, running_server& orders_process, const acknowledged_changes& changes);

} // namespace atrium::support
