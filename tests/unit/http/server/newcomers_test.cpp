#include "no_descriptors_left.hpp"
#include "test_server.hpp"

#include <support/catch.hpp>

#include <memory>
#include <vector>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

constexpr auto get_waits = "GET /waits HTTP/1.1\r\nHost: a\r\n\r\n";
constexpr auto other_address = "127.0.0.2";

settings settings_for(std::size_t connections, std::size_t share = 100) {
    auto s = small_settings();
    s.limits.connections = connections;
    s.limits.address_share = share;
    return s;
}

using clients = std::vector<std::unique_ptr<raw_client>>;

void check_answered(raw_client& client) {
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
}

/// Clients that have received a response and send nothing more.
clients idle_clients(const test_server& server, int count) {
    clients all;
    for (int i = 0; i < count; ++i) {
        all.push_back(std::make_unique<raw_client>(server.port()));
        check_answered(*all.back());
    }
    return all;
}

} // namespace

TEST_CASE("at the maximum number of connections, the one that has been idle longest is closed for a new one") {
    test_server server{settings_for(3)};
    const auto old = idle_clients(server, 3);
    check_answered(*old[0]);
    raw_client newcomer{server.port()};
    check_answered(newcomer);
    CHECK(old[1]->read_to_end().empty());
    check_answered(*old[0]);
    check_answered(*old[2]);
    CHECK(server.metric("atrium_http_evicted_total") == "1");
}

TEST_CASE("a connection on which nothing has been received yet counts as idle") {
    test_server server{settings_for(50)};
    clients silent;
    for (int i = 0; i < 120; ++i)
        silent.push_back(std::make_unique<raw_client>(server.port()));
    raw_client newcomer{server.port()};
    check_answered(newcomer);
    CHECK(silent.front()->read_to_end().empty());
}

TEST_CASE("if no connection is idle, the one whose unfinished header began to arrive first is closed for a new one") {
    test_server server{settings_for(2)};
    raw_client waiting{server.port()};
    waiting.send(get_waits);
    eventually([&] { return server.waits.started == 1; });
    raw_client slow{server.port()};
    slow.send("GET /small HTTP/1.1\r\nHo");
    raw_client newcomer{server.port()};
    check_answered(newcomer);
    CHECK(slow.read_to_end().empty());
    server.waits.release = true;
    CHECK(waiting.read_answer().status == 200);
}

TEST_CASE("an idle connection of another worker can be closed for a new one") {
    auto s = settings_for(1);
    s.threads = 4;
    test_server server{s};
    for (int i = 0; i < 20; ++i) {
        raw_client newcomer{server.port()};
        check_answered(newcomer);
        raw_client next{server.port()};
        check_answered(next);
        CHECK(newcomer.read_to_end().empty());
    }
}

TEST_CASE("a new connection of an address that has used up its share replaces an idle connection of that address") {
    test_server server{settings_for(10, 80)};
    raw_client other{server.port(), raw_client::source{other_address}};
    check_answered(other);
    const auto old = idle_clients(server, 8);
    raw_client newcomer{server.port()};
    check_answered(newcomer);
    CHECK(old[0]->read_to_end().empty());
    check_answered(other);
    check_answered(*old[7]);
}

TEST_CASE("an address whose connections are all busy gets 503 beyond its share, and other addresses are served", "[plain]") {
    auto s = settings_for(10, 80);
    s.deadlines.drain = 100ms;
    test_server server{s};
    clients busy;
    for (int i = 0; i < 8; ++i) {
        busy.push_back(std::make_unique<raw_client>(server.port()));
        busy.back()->send(get_waits);
    }
    eventually([&] { return server.waits.started == 8; });
    for (int i = 0; i < 20; ++i) { // each refused connection returns its slot for the next one
        raw_client refused{server.port()};
        const auto answer = refused.read_answer();
        CHECK(answer.status == 503);
        CHECK(answer.header("retry-after") == "1");
    }
    CHECK(server.metric(R"(atrium_http_refused_total{reason="address_share"})") == "20");
    raw_client other{server.port(), raw_client::source{other_address}};
    check_answered(other);
    server.waits.release = true;
    for (const auto& each : busy)
        CHECK(each->read_answer().status == 200);
}

TEST_CASE("if there is no free file descriptor, the connection that has been idle longest is closed for a new one") {
    test_server server;
    const auto old = idle_clients(server, 1);
    raw_client late{server.port(), raw_client::unconnected{}};
    const no_descriptors_left no_descriptors;
    late.connect();
    check_answered(late);
    CHECK(old[0]->read_to_end().empty());
}
