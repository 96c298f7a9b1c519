#pragma once

#include <base/log.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <thread>

namespace atrium::demo {

/// How many users and orders a load creates before it sends only a few requests per second.
struct load_size {
    std::size_t users = 200;
    std::size_t orders = 2'000;
};

/// Clients that use the API of a server. They create users and orders as fast as possible. Then one of them sends a few
/// requests per second, some of which fail, until this object is destroyed.
class load {
public:
    /// Begins immediately. `port` is that of a server on this machine that requires no credential. `on_created` is called on
    /// another thread when all users and orders exist.
    load(std::uint16_t port, load_size size, logger log, std::function<void()> on_created);
    /// Waits for the responses to the current requests.
    ~load();
    load(const load&) = delete;
    load& operator=(const load&) = delete;

private:
    void run(const std::stop_token& end);
    void create_users(const std::stop_token& end);
    void create_orders(const std::stop_token& end);
    template <class Create>
    void create_all(const std::stop_token& end, std::size_t count, Create create);
    void keep_using(const std::stop_token& end);

    const std::uint16_t port_;
    const load_size size_;
    const logger log_;
    const std::function<void()> on_created_;
    std::jthread thread_; ///< last, because it uses the other members
};

} // namespace atrium::demo
