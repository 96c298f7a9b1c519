#pragma once

#include "raw_requests.hpp"

#include <http/server.hpp>
#include <support/eventually.hpp>

#include <boost/asio/this_coro.hpp>

#include <atomic>
#include <chrono>
#include <string>

namespace atrium::http::test {

using namespace std::chrono_literals;

/// Counts the calls of a handler of `test_server`, and lets the test's thread release them.
struct handler_record {
    std::atomic<int> started{0};
    std::atomic<int> stopped{0}; ///< calls that were cancelled, and ended by an exception
    std::atomic<int> ended{0};   ///< calls that returned a response
    std::atomic<bool> release{false};
};

/// Settings for a server with one worker on a free port, with TLS if the tests run over TLS.
inline settings small_settings() {
    settings s;
    if (support::is_over_tls())
        s.tls = common_tls();
    s.port = 0;
    s.threads = 1;
    s.hosts = {"a", "b"}; // the names in the requests of these tests
    return s;
}

/// A server on a free port with these routes:
///   GET  /small        {"ok":true}            GET  /big       100,000 bytes
///   GET  /items/{name} path, query, target, host and traceparent of the request, each on its own line
///   POST /echo         the body               GET  /fails     throws
///   POST /picky        the body; without a Content-Type the request is refused before its body is sent
///   GET  /waits        ends when released or cancelled        GET /commits   ends when released, cannot be cancelled
///   GET  /nothing      304                    GET  /smuggled  counts its calls
///   GET  /loses_a_commit  throws an exception after which it is unknown whether the change was kept
class test_server {
public:
    explicit test_server(settings s = small_settings());
    ~test_server() { http.stop(); }

    [[nodiscard]] std::uint16_t port() const { return http.port(); }
    /// The value of `series` in /metrics; empty if /metrics does not contain it.
    [[nodiscard]] std::string metric(const std::string& series);

    metrics::registry registry;
    router routes;
    handler_record waits;
    handler_record commits;
    std::atomic<int> big_calls{0};
    std::atomic<int> smuggled{0};
    server http;

private:
    static awaitable<> wait_for_release(handler_record& record);
    awaitable<response> wait();
    awaitable<response> commit();
    router make_routes();
};

} // namespace atrium::http::test
