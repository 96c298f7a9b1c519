// These tests measure how much the work of some clients delays another client on the same worker. The measure is the number of
// slow requests that begin before the other client gets its response.
#include "routed_server.hpp"

#include <support/catch.hpp>

#include <memory>
#include <vector>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

using std::chrono::steady_clock;

std::string get(const std::string& target) {
    return "GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n";
}

std::string repeat(const std::string& text, int count) {
    std::string all;
    for (int i = 0; i < count; ++i)
        all += text;
    return all;
}

using client_list = std::vector<std::unique_ptr<raw_client>>;

/// A server with one worker. /slow computes for five milliseconds. /small and /livez, which is a vital route (answered even
/// under overload), do not compute.
class busy_worker_fixture {
public:
    std::atomic<int> begun_requests{0};
    routed_server server;

    explicit busy_worker_fixture(settings s = {}) : server{[this](router& r) { add_routes(r); }, std::move(s)} {}

    /// Connects `count` clients, each of which sends `bytes`. Returns once the first request runs.
    client_list attack(int count, const std::string& bytes) {
        client_list all;
        for (int i = 0; i < count; ++i) {
            all.push_back(std::make_unique<raw_client>(server.port()));
            all.back()->send(bytes);
        }
        eventually([this] { return begun_requests > 0; });
        return all;
    }

    /// The number of slow requests that begin before a new client gets the response to its request for `target`.
    int requests_before(const std::string& target) {
        const int begun_before = begun_requests;
        raw_client client{server.port()};
        client.send(get(target));
        CHECK(client.read_answer().status == 200);
        return begun_requests - begun_before;
    }

private:
    void add_routes(router& r) {
        r.get("/slow", "", [this](const request&) -> awaitable<response> {
            ++begun_requests;
            const auto end = steady_clock::now() + 5ms;
            while (steady_clock::now() < end) {
            }
            co_return json("\"slow\"");
        });
        r.get("/small", "", [](const request&) -> awaitable<response> { co_return json(R"({"ok":true})"); });
        r.get_vital("/livez", "", [](const request&) -> awaitable<response> { co_return json(R"({"alive":true})"); });
    }
};

} // namespace

TEST_CASE_METHOD(busy_worker_fixture, "a new client does not wait for the pipelined requests of others") {
    const auto clients = attack(6, repeat(get("/slow"), 64));
    CHECK(requests_before("/livez") < 128);
    CHECK(requests_before("/small") < 128);
    CHECK(begun_requests < 6 * 64);
    for (const auto& each : clients)
        for (int i = 0; i < 64; ++i)
            REQUIRE(each->read_answer().body == "\"slow\"");
}

TEST_CASE_METHOD(busy_worker_fixture, "a request for a vital route does not wait for many clients with one request each",
                 "[plain]") {
    const auto clients = attack(200, get("/slow"));
    CHECK(requests_before("/livez") < 100);
    CHECK(begun_requests < 200);
    for (const auto& each : clients)
        CHECK(each->read_answer().status == 200);
}

TEST_CASE_METHOD(busy_worker_fixture, "a client with one request is served before clients that have used up their slice") {
    const auto clients = attack(150, repeat(get("/slow"), 4));
    eventually([this] { return begun_requests > 150; }); // by now the first request of every client has run
    CHECK(requests_before("/small") < 75);
    for (const auto& each : clients)
        for (int i = 0; i < 4; ++i)
            REQUIRE(each->read_answer().status == 200);
}

TEST_CASE_METHOD(busy_worker_fixture, "a connection sends its finished responses before it yields to other connections") {
    const auto clients = attack(2, repeat(get("/slow"), 64));
    for (const auto& each : clients)
        CHECK(each->read_answer().status == 200);
    CHECK(begun_requests < 2 * 64);
}

TEST_CASE("the deadline of a handler also applies while its request waits for the worker's thread", "[plain]") {
    settings s;
    s.deadlines.handler = 100ms;
    busy_worker_fixture worker{s};
    const auto clients = worker.attack(200, get("/slow"));
    int overdue = 0;
    for (const auto& each : clients)
        overdue += each->read_answer().status == 503 ? 1 : 0;
    CHECK(overdue > 0);
    CHECK(worker.begun_requests <= 200 - overdue);
}
