#pragma once

#include "client/client_connection.hpp"

#include <boost/asio/execution_context.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace atrium::http {

/// The idle connections of one io_context. The pool is an Asio service, which ends together with its context: a connection must
/// not outlive its context, and a client does not know on which contexts it was used. Used only on the context's thread, and
/// therefore without a lock.
class client_pool final : public asio::execution_context::service {
public:
    using key_type = client_pool;
    static inline asio::execution_context::id id;

    explicit client_pool(asio::execution_context& context) : service{context} {}

    /// The pool of the executor's context.
    [[nodiscard]] static client_pool& of(const executor& own_executor);

    /// Takes the most recently used connection of the client `owner` that looks alive; null if there is none. Closes
    /// connections of this client that have been idle for longer than `max_idle`, and those that do not look alive.
    [[nodiscard]] std::shared_ptr<client_connection> take(std::uint64_t owner, std::chrono::milliseconds max_idle);

    /// Keeps a connection of the client `owner`. If the client then has more than `max_count` idle connections, the one that
    /// has been idle for longest is closed.
    void keep(std::uint64_t owner, std::shared_ptr<client_connection> connection, std::size_t max_count);

    /// Closes all idle connections of the client `owner`.
    void drop(std::uint64_t owner);

private:
    struct idle_connection {
        std::uint64_t owner;
        std::chrono::steady_clock::time_point idle_since;
        std::shared_ptr<client_connection> connection;
    };

    void shutdown() override { idle_.clear(); }

    std::vector<idle_connection> idle_; ///< the one that has been idle for longest comes first
};

} // namespace atrium::http
