#pragma once

#include <http/address_group.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

namespace atrium::http {

/// Whether a connection may be opened now.
enum class admission {
    admitted,
    full,              ///< as many connections are open as may be
    address_has_share, ///< its address has the share of them that one address may have
    address_has_max,   ///< its address has as many as it may have at any time
};

/// Counts what is open in all workers of a server: connections, and the listeners that could bring more. Any thread.
class connection_counter {
public:
    struct limits {
        std::size_t connections;
        std::size_t of_address; ///< 0: no limit
        std::size_t share;      ///< of `connections`, in percent, for one address
    };

    explicit connection_counter(limits max);

    /// Counts the connection and its address if it is admitted.
    [[nodiscard]] admission try_open(address_group from);
    /// Counts a connection that is only answered with a refusal: not for its address. False if it is full.
    [[nodiscard]] bool try_open_to_refuse();
    /// `from` has a value if the connection was counted for its address.
    void close(std::optional<address_group> from) noexcept;

    [[nodiscard]] std::size_t open() const;

    void listener_opened() noexcept;
    void listener_closed() noexcept;

    /// Waits until no listener and no connection is open; false where one still is at `deadline`.
    [[nodiscard]] bool wait_until_none(std::chrono::steady_clock::time_point deadline);

private:
    const limits max_;
    const std::size_t max_share_; ///< in connections
    mutable std::mutex mutex_;    // guards all below
    std::condition_variable changed_;
    std::size_t open_ = 0;
    std::size_t listeners_ = 0;
    std::map<address_group, std::size_t> by_address_;
};

/// A place among the open connections, given back once. Moved, not copied; the counter outlives it. One thread.
class connection_slot {
public:
    connection_slot(connection_counter& counter, std::optional<address_group> from) noexcept
        : counter_{&counter}, from_{from} {}
    ~connection_slot() { give_back(); }
    connection_slot(connection_slot&& other) noexcept : counter_{other.counter_}, from_{other.from_} {
        other.counter_ = nullptr;
    }
    connection_slot(const connection_slot&) = delete;
    connection_slot& operator=(const connection_slot&) = delete;

    /// Empty if it is not counted for an address.
    [[nodiscard]] const std::optional<address_group>& from() const noexcept { return from_; }
    /// Earlier than at the end of this object.
    void give_back() noexcept {
        if (counter_ != nullptr)
            counter_->close(from_);
        counter_ = nullptr;
    }

private:
    connection_counter* counter_;
    std::optional<address_group> from_;
};

} // namespace atrium::http
