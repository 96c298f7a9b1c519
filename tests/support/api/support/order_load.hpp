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

/// A time, from its begin to its end.
struct interval {
    std::chrono::steady_clock::time_point begin;
    std::chrono::steady_clock::time_point end;

    [[nodiscard]] bool meets(const interval& other) const noexcept { return begin <= other.end && other.begin <= end; }
};

/// What clients were told by servers that may have died meanwhile: promises that must be kept.
struct acknowledged {
    std::set<std::int64_t> users;
    std::set<std::int64_t> placed;
    std::set<std::int64_t> removed; ///< asked to be removed, whether that was answered or not
    std::set<std::int64_t> surely_removed;
    std::vector<interval> put_off;       ///< 503: from the request to the answer
    std::vector<interval> unknown;       ///< 500 because the outcome is not known
    std::vector<std::string> unexpected; ///< every other answer that is no success

    void add(const acknowledged& other);
};

/// Clients that make users, place their orders and take some back, each on a thread of its own. Where a server is away they try
/// again until it is back, under the same port. One thread, unless a member says otherwise.
class order_load {
public:
    /// Each client starts a request so often, or as soon as the one before it is answered.
    struct pace {
        std::size_t clients = 4;
        std::chrono::milliseconds interval{0};
    };

    /// They begin at once. The ports are one where users and orders are one process.
    order_load(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, pace p);
    /// Four of them, with that interval.
    order_load(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed,
               std::chrono::milliseconds interval = std::chrono::milliseconds{0})
        : order_load{users_port, orders_port, seed, pace{.interval = interval}} {}
    ~order_load();
    order_load(const order_load&) = delete;
    order_load& operator=(const order_load&) = delete;

    /// Orders that were answered with 201 until now. Any thread.
    [[nodiscard]] std::size_t placed() const noexcept { return placed_; }
    /// Waits for so many more.
    void expect_orders(std::size_t number) const;
    /// Requests without an answer, until now. Any thread.
    [[nodiscard]] std::size_t unanswered() const noexcept { return unanswered_; }

    /// Ends them after their next answer: what all of them were told. Once.
    [[nodiscard]] acknowledged end();

private:
    class customer;

    void work(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, acknowledged& told);

    const std::chrono::milliseconds interval_;
    std::atomic<bool> go_on_ = true;
    std::atomic<std::size_t> placed_ = 0;
    std::atomic<std::size_t> unanswered_ = 0;
    std::vector<acknowledged> told_; ///< each thread's own, until it ends
    std::vector<std::thread> threads_;
};

/// Checks that both databases (one file, where it is one process) are sound and have every user and order that was
/// acknowledged, that no event was given up, and that users has counted every order there is exactly once, also those whose
/// answer never arrived. Once all events have been handled, while the processes run.
void check_nothing_lost(running_server& users_process, running_server& orders_process, const acknowledged& told);

} // namespace atrium::support
