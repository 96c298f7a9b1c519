// Tests of the memory budget, which limits how much memory all connections together may cause the server to use.
#include "routed_server.hpp"
#include "server/memory_relief.hpp"

#include <http/memory_budget.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <algorithm>
#include <list>
#include <memory>
#include <string>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using support::eventually;

namespace {

constexpr std::size_t mebibyte = 1024 * 1024;
constexpr std::size_t large = 1'000'000;
constexpr auto small_request = "GET /small HTTP/1.1\r\nHost: a\r\n\r\n";

settings settings_with_memory(std::size_t bytes) {
    settings s;
    s.limits.memory = bytes;
    s.limits.body = 64 * mebibyte;
    return s;
}

/// Adds GET /small, GET /livez (a vital route, which is answered even under overload), GET /large and GET /shared (each with a
/// million bytes) and POST /echo.
void add_routes(router& r) {
    r.get("/small", "", [](const request&) -> awaitable<response> { co_return json("{}"); });
    r.get_vital("/livez", "", [](const request&) -> awaitable<response> { co_return json("{}"); });
    r.get("/large", "", [](const request&) -> awaitable<response> { co_return json(std::string(large, 'x')); });
    r.get("/shared", "", [](const request&) -> awaitable<response> {
        static const auto text = std::make_shared<const std::string>(large, 's');
        co_return response{.content_type = text_type, .shared_body = {*text, text}};
    });
    r.post("/echo", "", [](const request& q) -> awaitable<response> { co_return json(std::string{q.body}); });
}

/// A request that announces a body of `size + 1` bytes and has only `size` of them.
std::string unfinished_post(std::size_t size) {
    return "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size + 1) + "\r\n\r\n" +
           std::string(size, 'x');
}

std::string bytes_used_for(routed_server& server, const std::string& use) {
    return server.metric("atrium_http_memory_bytes{use=\"" + use + "\"}");
}

} // namespace

TEST_CASE("a body that does not fit into the budget gets 503 with Retry-After, and small requests are still served") {
    routed_server server{add_routes, settings_with_memory(4 * mebibyte)};
    raw_client greedy{server.port()};
    greedy.send(unfinished_post(2 * mebibyte));
    raw_client second{server.port()};
    second.send(unfinished_post(3 * mebibyte));
    const auto refused = second.read_answer();
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    CHECK(refused.header("connection") == "close");
    CHECK(server.metric(R"(atrium_http_refused_total{reason="memory"})") == "1");

    raw_client honest{server.port()};
    honest.send(small_request);
    CHECK(honest.read_answer().status == 200);
    honest.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
    CHECK(honest.read_answer().body == "hello");
}

TEST_CASE("while memory is short, the stalled connection that uses the most memory is closed first") {
    auto s = settings_with_memory(16 * mebibyte);
    s.deadlines.memory = 1min;
    routed_server server{add_routes, s};
    // The buffer of a body doubles when it is full. Each of these clients sends one byte more than a full buffer, so a doubled
    // buffer shows that all these bytes have arrived. `largest` sends first, so it counts as stalled before `smaller` does.
    raw_client largest{server.port()};
    largest.send(unfinished_post(4 * mebibyte + 1));
    eventually([&] { return server.http.memory().share(memory_use::incoming).used() > 8 * mebibyte; });
    raw_client smaller{server.port()};
    smaller.send(unfinished_post(mebibyte / 2 + 1));
    eventually([&] { return server.http.memory().share(memory_use::incoming).used() > 9 * mebibyte; });

    const auto needed = support::run(server.http.memory().acquire(memory_use::responses, 7 * mebibyte));
    REQUIRE(needed); // the call waited until enough memory was available
    CHECK(server.metric("atrium_http_memory_closed_total") == "1");
    CHECK(largest.read_answer().status == 503);
    CHECK(largest.is_closed());
    CHECK_FALSE(smaller.has_arrived());
    smaller.send("x");
    CHECK(smaller.read_answer().status == 200);
}

TEST_CASE("a stalled connection is not closed for its memory while memory is available") {
    auto s = settings_with_memory(64 * mebibyte);
    s.deadlines.body = 2s;
    routed_server server{add_routes, s};
    raw_client slow{server.port()};
    slow.send(unfinished_post(2 * mebibyte));
    CHECK(slow.read_answer().status == 408); // at the deadline of the body, seconds after the client has stalled
    CHECK(server.metric("atrium_http_memory_closed_total") == "0");
}

TEST_CASE("while the budget is used up, new work gets 503 with Retry-After, but vital routes are answered") {
    routed_server server{add_routes, settings_with_memory(4 * mebibyte)};
    auto& responses = server.http.memory().share(memory_use::responses);
    responses.take(4 * mebibyte);
    raw_client client{server.port()};
    client.send(small_request);
    const auto refused = client.read_answer();
    CHECK(refused.status == 503);
    CHECK(refused.header("retry-after") == "1");
    client.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 200);

    responses.give(4 * mebibyte);
    client.send(small_request);
    CHECK(client.read_answer().status == 200);
}

TEST_CASE("the memory of a response is counted until its client has read it") {
    routed_server server{add_routes, settings_with_memory(64 * mebibyte)};
    raw_client reader{server.port(), 16 * 1024};
    reader.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually([&] { return std::stoul(bytes_used_for(server, "responses")) >= large; });
    CHECK(reader.read_answer().body == std::string(large, 'x'));
    eventually([&] { return std::stoul(bytes_used_for(server, "responses")) < large; });
}

TEST_CASE("a response that its client does not read is dropped when memory is short") {
    routed_server server{add_routes, settings_with_memory(4 * mebibyte)};
    std::list<raw_client> slow_clients;
    for (unsigned i = 0; i < 4; ++i) {
        slow_clients.emplace_back(server.port(), 16 * 1024);
        slow_clients.back().send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
        eventually([&] { return server.http.memory().share(memory_use::responses).used() > (i + 1) * (large - 300'000); });
    }
    std::list<raw_client> refused;
    eventually([&] {
        refused.emplace_back(server.port());
        refused.back().send(unfinished_post(3 * mebibyte));
        return server.metric("atrium_http_memory_closed_total") != "0";
    });
    eventually([&] { return server.http.memory().used() < 4 * mebibyte; });
    raw_client honest{server.port()};
    honest.send(small_request);
    CHECK(honest.read_answer().status == 200);
}

TEST_CASE("a response body that connections share is not counted for each of them, and arrives completely", "[plain]") {
    routed_server server{add_routes, settings_with_memory(4 * mebibyte)};
    std::list<raw_client> slow_clients;
    for (int i = 0; i < 50; ++i) {
        slow_clients.emplace_back(server.port(), 16 * 1024);
        slow_clients.back().send("GET /shared HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    eventually([&] {
        return std::all_of(slow_clients.begin(), slow_clients.end(), [](raw_client& each) { return each.has_arrived(); });
    });
    CHECK(server.http.memory().used() < mebibyte);
    for (auto& each : slow_clients)
        CHECK(each.read_answer().body == std::string(large, 's'));
}

TEST_CASE("pipelined requests for large, shared and small bodies are answered in order") {
    routed_server server{add_routes};
    raw_client client{server.port()};
    client.send(
        "GET /large HTTP/1.1\r\nHost: a\r\n\r\nHEAD /shared HTTP/1.1\r\nHost: a\r\n\r\n"
        "GET /shared HTTP/1.1\r\nHost: a\r\n\r\nHEAD /large HTTP/1.1\r\nHost: a\r\n\r\nGET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().body == std::string(large, 'x'));
    CHECK(client.read_answer(false).header("content-length") == std::to_string(large));
    CHECK(client.read_answer().body == std::string(large, 's'));
    CHECK(client.read_answer(false).header("content-length") == std::to_string(large));
    CHECK(client.read_answer().body == "{}");
}

TEST_CASE("the limit of the memory budget and the memory of each use are published in the metrics") {
    routed_server server{add_routes, settings_with_memory(64 * mebibyte)};
    CHECK(server.metric("atrium_http_memory_limit_bytes") == std::to_string(64 * mebibyte));
    for (const auto* use : {"incoming", "responses", "subscriptions", "documents", "assets"})
        CHECK_FALSE(bytes_used_for(server, use).empty());
    CHECK(server.metric("atrium_http_memory_waiting") == "0");
    CHECK(server.metric("atrium_http_memory_closed_total") == "0");
}

TEST_CASE("many small bodies that are never completed do not keep the server from serving other clients") {
    routed_server server{add_routes, settings_with_memory(2 * mebibyte)};
    std::list<raw_client> stalled;
    for (int i = 0; i < 60; ++i) {
        stalled.emplace_back(server.port());
        stalled.back().send(unfinished_post(48 * 1024)); // all requests together exceed the budget
    }
    raw_client honest{server.port()};
    eventually([&] {
        honest.send(small_request);
        return honest.read_answer().status == 200;
    });
    CHECK(server.http.memory().used() <= 3 * mebibyte);
}

TEST_CASE("a stalled connection is the largest if no worker currently reports a larger one") {
    memory_budget budget{4 * mebibyte};
    memory_relief relief{budget};
    relief.set_workers(2);
    relief.report(0, 10'000);
    relief.report(1, 5'000);
    CHECK(relief.is_largest(10'000));
    CHECK_FALSE(relief.is_largest(5'000));
    relief.report(0, 0);
    CHECK(relief.is_largest(5'000));
}

TEST_CASE("after memory was refused, the next check of each worker finds that memory is short, and later checks do not") {
    memory_budget budget{4 * mebibyte};
    const memory_relief relief{budget};
    std::uint64_t seen_by_first = 0;
    std::uint64_t seen_by_second = 0;
    CHECK_FALSE(relief.is_short(seen_by_first));
    CHECK_FALSE(budget.share(memory_use::incoming).try_take(5 * mebibyte, true));
    CHECK(relief.is_short(seen_by_first));
    CHECK_FALSE(relief.is_short(seen_by_first));
    CHECK(relief.is_short(seen_by_second));
}
