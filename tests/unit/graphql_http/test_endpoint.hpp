#pragma once

#include "routed_server.hpp"

#include <graphql/engine.hpp>
#include <graphql_http/endpoint.hpp>
#include <support/client.hpp>
#include <support/web_socket_client.hpp>

#include <boost/json/value.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace atrium::graphql_http::test {

using namespace std::chrono_literals;
using support::eventually;

/// State that the resolvers of `test_endpoint` and the test's thread share.
struct resolver_state {
    std::atomic<int> started = 0;      ///< operations that have begun to wait
    std::atomic<int> stopped = 0;      ///< operations that were cancelled while they waited
    std::atomic<int> ended = 0;        ///< operations that have waited and returned
    std::atomic<int> sources = 0;      ///< open event sources
    std::atomic<int> emitted = 0;      ///< events that were emitted
    std::atomic<int> counter = 0;      ///< calls of the mutation `increment`
    std::atomic<bool> release = false; ///< operations wait until the test sets this
};

/// A server on a free port with GraphQL at /graphql/. Its schema:
///   queries        echo(text), number, text(size)
///                  fails: throws an exception
///                  waits: returns when the test releases it; can be cancelled
///                  stubborn: returns when the test releases it; cannot be cancelled
///                  lasts(ms): blocks the thread        computes(ms): uses processor time        pauses(ms): waits
///   mutation       increment
///   subscriptions  ticks(count, size): emits `count` strings without waiting, or endlessly many
///                  numbers(to): emits the numbers up to `to`, beginning with 1 or after the resume token
///                  silent: never emits an event        broken: emits 1, then an error
///                  refused: cannot be opened, because of an error        busy: cannot be opened for now
///                  failing: throws an exception
class test_endpoint {
public:
    explicit test_endpoint(settings s = {}, http::settings server_settings = {}, graphql::limits allowed = {});

    [[nodiscard]] std::uint16_t port() const { return server.port(); }
    /// The value of a metric of GraphQL; empty if it does not exist.
    [[nodiscard]] std::string metric(const std::string& series) { return http::test::value_of(registry_, series); }
    [[nodiscard]] support::client http() const { return support::client{port()}; }

    resolver_state resolvers;

private:
    metrics::registry registry_;
    graphql::engine engine_;
    endpoint endpoint_;

public:
    http::test::routed_server server;
};

/// A client that speaks graphql-transport-ws; the test sends each message. Its functions block, and throw if nothing arrives
/// for ten seconds, like those of `raw_client`.
class transport_client : public http::test::web_socket_client {
public:
    /// Opens the socket. `buffers` is the size of the system's buffer for each direction, in bytes; 0 means the default.
    explicit transport_client(const test_endpoint& fixture, int buffers = 0) : web_socket_client{fixture.port(), buffers} {
        static_cast<void>(open("/graphql/", "Sec-WebSocket-Protocol: graphql-transport-ws\r\n"));
    }

    /// Sends connection_init and reads the acknowledgment.
    void begin();
    void subscribe(std::string_view id, std::string_view query);
    void complete(std::string_view id) { send_text(R"({"type":"complete","id":")" + std::string{id} + "\"}"); }
};

/// A GET that accepts events. `query` is already escaped.
[[nodiscard]] inline std::string request_for_events(std::string_view query, std::string_view version = "1.1") {
    return "GET /graphql/?query=" + std::string{query} + " HTTP/" + std::string{version} +
           "\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n";
}
[[nodiscard]] inline std::string next_event(std::string_view data) {
    return "event: next\ndata: " + std::string{data} + "\n\n";
}
[[nodiscard]] inline std::string next_event(std::string_view data, std::string_view id) {
    return "event: next\nid: " + std::string{id} + "\ndata: " + std::string{data} + "\n\n";
}
/// The event that ends an operation, after which a client that reconnects gets 204.
inline constexpr auto complete_event = "event: complete\nid: complete\ndata: \n\n";
/// The event that ends an operation that has failed temporarily, so that a client may reconnect.
inline constexpr auto broken_off_event = "event: complete\ndata: \n\n";

/// A JSON object with `levels` levels, one inside the other.
[[nodiscard]] inline std::string nested(std::size_t levels) {
    std::string text = "{}";
    for (std::size_t i = 1; i < levels; ++i)
        text = R"({"n":)" + text + "}";
    return text;
}

inline constexpr std::string_view init = R"({"type":"connection_init"})";
inline constexpr std::string_view acknowledged = R"({"type":"connection_ack"})";

[[nodiscard]] inline std::string completed(std::string_view id) {
    return R"({"id":")" + std::string{id} + R"(","type":"complete"})";
}
[[nodiscard]] inline std::string next(std::string_view id, std::string_view payload) {
    return R"({"id":")" + std::string{id} + R"(","type":"next","payload":)" + std::string{payload} + "}";
}

} // namespace atrium::graphql_http::test
