#pragma once

#include <http/client.hpp>
#include <support/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace atrium::http::test {

using namespace std::chrono_literals;

inline client_settings settings_for(const std::string& url) {
    return {.name = "users", .url = parse_base_url(url).value()};
}

inline std::string local_url(std::uint16_t port) {
    return "http://127.0.0.1:" + std::to_string(port);
}

/// Makes a call on `context`, and returns when the context has no work left. An idle connection does not keep the context
/// running. These tests use contexts of their own instead of `support::run`, so that kept connections end with the contexts.
inline result<client_response>
get_on(asio::io_context& context, client& http, std::string target, std::vector<field> headers = {},
       std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max()) {
    auto answer = asio::co_spawn(context, http.get(target, headers, deadline), asio::use_future);
    context.restart();
    context.run();
    return answer.get();
}

/// A client with its dependencies, and an io_context for its calls.
struct client_fixture {
    explicit client_fixture(client_settings s, logger log = {}) : http{std::move(s), time, registry, std::move(log)} {}
    explicit client_fixture(std::uint16_t port) : client_fixture{settings_for(local_url(port))} {}

    result<client_response> get(std::string target, std::vector<field> headers = {}) {
        return get_on(context, http, std::move(target), std::move(headers));
    }

    result<client_response> get_until(std::chrono::steady_clock::time_point deadline) {
        return get_on(context, http, "/", {}, deadline);
    }

    /// The value of `series` in /metrics; empty if /metrics does not contain it.
    std::string metric(const std::string& series) {
        const auto all = registry.render();
        const auto found = all.find("\n" + series + " ");
        const auto begin = found + series.size() + 2;
        return found == std::string::npos ? "" : all.substr(begin, all.find('\n', begin) - begin);
    }
    /// The number of connections that the client has opened.
    std::string connections() { return metric(R"(atrium_http_client_connections_total{service="users"})"); }
    std::string calls(const std::string& outcome) {
        return metric(R"(atrium_http_client_requests_total{outcome=")" + outcome + R"(",service="users"})");
    }

    system_clock time;
    metrics::registry registry;
    client http;
    asio::io_context context{1};
};

} // namespace atrium::http::test
