#pragma once

#include <http/address_group.hpp>

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>

namespace atrium::http {

/// Whether a connection may be opened and, if not, why.
enum class admission {
    admitted,
    full,              ///< the maximum number of connections is open
    address_has_share, ///< the address of the connection has reached its share of all connections
    address_has_max,   ///< the address of the connection has reached `connections_per_address`
};

/// Counts the connections that are open in all workers of a server, and the listeners that could accept more. Any thread.
class connection_counter {
public:
    struct limits {
        std::size_t connections;
        std::size_t per_address; ///< max number of connections; 0 means no limit
        std::size_t share;       ///< max percentage of `connections` for one address
    };

    explicit connection_counter(limits max);

    /// Decides whether a connection from this address is admitted. If so, counts the connection, also for its address.
    [[nodiscard]] admission try_open(address_group address);
    /// Counts a connection that only receives a refusal; it does not count for its address. Returns false if the maximum number
    /// of connections is open.
    [[nodiscard]] bool try_open_to_refuse();
    /// Stops counting a connection. `address` has a value if the connection was counted for its address.
    void close(std::optional<address_group> address) noexcept;

    [[nodiscard]] std::size_t open() const;

    void listener_opened() noexcept;
    void listener_closed() noexcept;

    /// Waits until no listener and no connection is open; returns false if one is still open at `deadline`.
    [[nodiscard]] bool wait_until_none(std::chrono::steady_clock::time_point deadline);

private:
    const limits max_;
    const std::size_t max_share_; ///< max number of connections of one address, as `limits::share` allows
    mutable std::mutex mutex_;    // guards the members below
    std::condition_variable changed_;
    std::size_t open_ = 0;
    std::size_t listeners_ = 0;
    std::map<address_group, std::size_t> by_address_; ///< number of open connections
};

/// Counts as one of the open connections of the counter, until `give_back` or the destructor is called. Movable, not copyable.
/// The counter must outlive the slot. One thread.
class connection_slot {
public:
    connection_slot(connection_counter& counter, std::optional<address_group> group) noexcept
        : counter_{&counter}, address_{group} {}
    ~connection_slot() { give_back(); }
    connection_slot(connection_slot&& other) noexcept : counter_{other.counter_}, address_{other.address_} {
        other.counter_ = nullptr;
    }
    connection_slot(const connection_slot&) = delete;
    connection_slot& operator=(const connection_slot&) = delete;

    /// The address for which the connection is counted; empty if it is not counted for one.
    [[nodiscard]] const std::optional<address_group>& address() const noexcept { return address_; }
    /// Stops counting the connection before the end of this object.
    void give_back() noexcept {
        if (counter_ != nullptr)
            counter_->close(address_);
        counter_ = nullptr;
    }

private:
    connection_counter* counter_;
    std::optional<address_group> address_;
};

} // namespace atrium::http
