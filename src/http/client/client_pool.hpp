#pragma once

#include "client/client_connection.hpp"

#include <boost/asio/execution_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace atrium::http {

/// The idle connections of one io_context: a service of it, as a connection must end before its context does, and no client
/// knows which contexts it was used on. For the context's thread alone, and so without a lock.
class client_pool final : public asio::execution_context::service {
public:
    using key_type = client_pool;
    static inline asio::execution_context::id id;

    explicit client_pool(asio::execution_context& context) : service{context} {}

    /// The one of that context.
    [[nodiscard]] static client_pool& of(const executor& where);

    /// The connection of that client that was used last; empty where there is none, or none that looks alive. Closes those of
    /// it that have been idle for longer than `idle`.
    [[nodiscard]] std::shared_ptr<client_connection> take(std::uint64_t owner, std::chrono::milliseconds idle);

    /// Keeps it, and closes the client's oldest where that makes more than `most`.
    void keep(std::uint64_t owner, std::shared_ptr<client_connection> connection, std::size_t most);

    /// Closes all of that client.
    void drop(std::uint64_t owner);

private:
    struct idle_connection {
        std::uint64_t owner;
        std::chrono::steady_clock::time_point since;
        std::shared_ptr<client_connection> connection;
    };

    void shutdown() override { idle_.clear(); }

    std::vector<idle_connection> idle_; ///< the longest idle first
};

} // namespace atrium::http
