#pragma once

#include <http/server.hpp>
#include <support/eventually.hpp>
#include <support/raw_client.hpp>

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <thread>

namespace atrium::http::test {

/// Drains a server on a thread of its own. The constructor returns when the server accepts no more connections. Pending work
/// has a minute to finish.
class draining {
public:
    explicit draining(server& server)
        : thread_{[&server] { server.drain(std::chrono::steady_clock::now() + std::chrono::seconds{60}); }} {
        support::eventually([port = server.port()] { return refuses_connections(port); });
    }
    ~draining() { finish(); }
    draining(const draining&) = delete;
    draining& operator=(const draining&) = delete;

    /// Waits until no connection is left.
    void finish() {
        if (thread_.joinable())
            thread_.join();
    }

private:
    static bool refuses_connections(std::uint16_t port) {
        try {
            const support::raw_client another{port};
            return false;
        } catch (const std::runtime_error&) {
            return true;
        }
    }

    std::thread thread_;
};

} // namespace atrium::http::test
