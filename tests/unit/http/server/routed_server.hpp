#pragma once

#include "raw_requests.hpp"

#include <base/timer.hpp>
#include <http/server.hpp>
#include <support/eventually.hpp>

#include <boost/asio/deferred.hpp>
#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <utility>

namespace atrium::http::test {

using namespace std::chrono_literals;

/// The value of `series` in /metrics; empty if /metrics does not contain it.
[[nodiscard]] inline std::string value_of(metrics::registry& registry, const std::string& series) {
    const auto all = registry.render();
    const auto found = all.find("\n" + series + " ");
    if (found == std::string::npos)
        return {};
    const auto begin = found + series.size() + 2;
    return all.substr(begin, all.find('\n', begin) - begin);
}

/// A server on a free port, with one worker and the routes of the test.
class routed_server {
public:
    explicit routed_server(const std::function<void(router&)>& add_routes, settings s = {})
        : routes{make(add_routes)}, http{settings_on_free_port(std::move(s)), routes, registry, logger{}} {
        http.start();
    }
    ~routed_server() { http.stop(); }

    [[nodiscard]] std::uint16_t port() const { return http.port(); }

    /// The value of `series` in /metrics; empty if /metrics does not contain it.
    [[nodiscard]] std::string metric(const std::string& series) { return value_of(registry, series); }

    metrics::registry registry;
    router routes;
    server http;

private:
    static router make(const std::function<void(router&)>& add_routes) {
        router r;
        add_routes(r);
        return r;
    }
    static settings settings_on_free_port(settings s) {
        s.port = 0;
        s.threads = 1;
        if (support::is_over_tls())
            s.tls = common_tls();
        s.hosts = {"a", "a.example"}; // the names in the requests of these tests
        return s;
    }
};

/// Waits in a handler until the test's thread sets `condition`. Throws if the handler is cancelled.
inline awaitable<> wait_for(const std::atomic<bool>& condition) {
    const auto own_executor = co_await asio::this_coro::executor;
    steady_timer pause{own_executor};
    while (!condition) {
        pause.expires_after(2ms);
        co_await pause.async_wait(asio::deferred);
    }
}

/// Waits until it is cancelled.
inline awaitable<> wait_forever() {
    const std::atomic<bool> never{false};
    co_await wait_for(never);
}

} // namespace atrium::http::test
