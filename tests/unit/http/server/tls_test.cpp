#include "routed_server.hpp"
#include "test_server.hpp"

#include <http/certificate.hpp>
#include <support/catch.hpp>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>
#include <vector>

// Tests the TLS of the server: what it accepts and refuses, and how handshakes affect other clients. The tests of HTTP, streams
// and WebSockets also run over TLS, if the environment variable ATRIUM_HTTP_OVER_TLS is set.

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;
using std::chrono::steady_clock;

namespace {

settings secure_settings() {
    auto s = small_settings();
    s.tls = common_tls();
    return s;
}

tls_options options_with(tls_version version) {
    return {.min_version = version, .max_version = version};
}

/// The reason why a handshake with these options fails; empty if it succeeds.
std::string refusal_of(const test_server& server, const tls_options& o) {
    raw_client client{server.port(), o};
    return client.tls().shake_hands();
}

/// The number of handshakes that have failed.
std::string failed_handshakes(test_server& server) {
    return server.metric("atrium_http_refused_total{reason=\"tls_handshake\"}");
}

std::string error_of(const tls_settings& tls) {
    try {
        (void)check_certificate(tls);
    } catch (const certificate_error& e) {
        return e.what();
    }
    return {};
}

} // namespace

TEST_CASE("TLS 1.2 and 1.3 are accepted, and TLS 1.1 is refused") {
    test_server server{secure_settings()};
    for (const auto& [version, name] : {std::pair{tls_version::v1_2, "TLSv1.2"}, std::pair{tls_version::v1_3, "TLSv1.3"}}) {
        raw_client client{server.port(), options_with(version)};
        client.send(get_small);
        CHECK(client.read_answer().body == R"({"ok":true})");
        CHECK(client.tls().version() == name);
    }
    CHECK(refusal_of(server, options_with(tls_version::v1_1)) == "tlsv1 alert protocol version");
    eventually([&] { return failed_handshakes(server) == "1"; });
}

TEST_CASE("ALPN selects http/1.1, and a client that offers only other protocols is refused") {
    test_server server{secure_settings()};
    raw_client both{server.port(), tls_options{.protocols = {"h2", "http/1.1"}}};
    both.send(get_small);
    CHECK(both.read_answer().status == 200);
    CHECK(both.tls().protocol() == "http/1.1");
    raw_client none{server.port(), tls_options{}};
    none.send(get_small);
    CHECK(none.read_answer().status == 200);
    CHECK(none.tls().protocol().empty());
    CHECK(refusal_of(server, tls_options{.protocols = {"h2", "http/1.0"}}) == "tlsv1 alert no application protocol");
}

TEST_CASE("a plain HTTP request to the port of HTTPS gets 400 with an explanation") {
    test_server server{secure_settings()};
    raw_client client{server.port(), raw_client::plain{}};
    client.send(get_small);
    const auto refused = client.read_answer();
    CHECK(refused.status == 400);
    CHECK(refused.body.find("https://") != std::string::npos);
    CHECK(client.read_to_end().empty());
    CHECK(server.metric("atrium_http_refused_total{reason=\"plain_http\"}") == "1");
}

TEST_CASE("input that is neither TLS nor HTTP ends the connection") {
    test_server server{secure_settings()};
    raw_client client{server.port(), raw_client::plain{}};
    client.send(std::string(100, '\0'));
    (void)client.read_to_end(); // the server may send an alert
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(failed_handshakes(server) == "1");
}

TEST_CASE("a TLS handshake must end within the deadline for a header, counted from its first byte") {
    auto s = secure_settings();
    s.deadlines.header = 200ms;
    s.deadlines.drain = 50ms;
    test_server server{s};
    raw_client client{server.port(), raw_client::plain{}};
    const auto begin = steady_clock::now();
    client.send("\x16\x03\x01"); // the beginning of a record
    CHECK(client.read_to_end().empty());
    CHECK(steady_clock::now() - begin >= 150ms);
    CHECK(failed_handshakes(server) == "1");
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

TEST_CASE("a connection that sends nothing is idle, and is closed at its deadline or when the server drains") {
    auto s = secure_settings();
    s.deadlines.idle = 150ms;
    test_server server{s};
    raw_client silent{server.port(), raw_client::plain{}};
    CHECK(silent.read_to_end().empty());

    s.deadlines.idle = 1h;
    test_server patient{s};
    raw_client waiting{patient.port(), raw_client::plain{}};
    eventually([&] { return patient.metric("atrium_http_connections") == "1"; });
    patient.http.drain(steady_clock::now() + 60s);
    CHECK(waiting.read_to_end().empty());
}

TEST_CASE("a connection is not idle once part of a TLS record has arrived, but can still be closed for a new one") {
    auto s = secure_settings();
    s.deadlines.header = 200ms;
    s.deadlines.drain = 50ms;
    s.deadlines.idle = 1h;
    test_server server{s};
    raw_client client{server.port(), tls_options{}};
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
    client.send_below_tls("\x17"); // the first byte of a record
    CHECK(client.read_to_end().empty());
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });

    s.deadlines.header = 1h;
    s.limits.connections = 2;
    s.limits.address_share = 100;
    test_server full{s};
    std::vector<std::unique_ptr<raw_client>> stuck;
    for (int i = 0; i < 2; ++i) {
        stuck.push_back(std::make_unique<raw_client>(full.port(), tls_options{}));
        stuck.back()->send(get_small);
        CHECK(stuck.back()->read_answer().status == 200);
        stuck.back()->send_below_tls("\x17");
    }
    raw_client next{full.port(), tls_options{}}; // must replace one of the stuck connections
    next.send(get_small);
    CHECK(next.read_answer().status == 200);
}

TEST_CASE("while the memory budget is used up, only a few handshakes run at the same time") {
    auto s = secure_settings();
    s.limits.memory = 16 * 1024 * 1024;
    test_server server{s};
    auto& documents = server.http.memory().share(memory_use::documents);
    documents.take(server.http.memory().limit());
    CHECK(refusal_of(server, {}).empty());
    std::vector<std::unique_ptr<raw_client>> begun;
    eventually([&] {
        begun.push_back(std::make_unique<raw_client>(server.port(), raw_client::plain{}));
        begun.back()->send("\x16");
        return server.metric("atrium_http_refused_total{reason=\"memory\"}") != "";
    });
    CHECK(begun.size() > 16);
    documents.give(server.http.memory().limit());
    CHECK(refusal_of(server, {}).empty());
}

TEST_CASE("a client that announces a large handshake message is refused before the server reserves memory for it") {
    test_server server{secure_settings()};
    for (const auto& bytes :
         {std::string{"\x16\x03\x01\x00\x04\x01\x01\xff\xff", 9},                             // 131,071 bytes
          std::string{"\x16\x03\x01\x00\x01\x01\x16\x03\x01\x00\x03\x00\x40\x01", 14},        // 16,385 bytes in two records
          std::string{"\x14\x03\x03\x00\x01\x01\x16\x03\x01\x00\x04\x01\x01\xff\xff", 15}}) { // 131,071 bytes after a record
        raw_client client{server.port(), raw_client::plain{}};
        client.send(bytes);
        (void)client.read_to_end(); // the server may send an alert
    }
    eventually([&] { return failed_handshakes(server) == "3"; });
}

TEST_CASE("the server sends close_notify when it closes a connection") {
    auto s = secure_settings();
    s.deadlines.idle = 150ms;
    test_server server{s};
    raw_client idle{server.port(), tls_options{}};
    idle.send(get_small);
    CHECK(idle.read_answer().status == 200);
    CHECK(idle.read_to_end().empty());
    CHECK(idle.tls().was_notified());

    raw_client last{server.port(), tls_options{}};
    last.send("GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(last.read_answer().status == 200);
    CHECK(last.read_to_end().empty());
    CHECK(last.tls().was_notified());
}

TEST_CASE("a request whose body is broken off without close_notify is not handled") {
    test_server server{secure_settings()};
    {
        raw_client client{server.port(), tls_options{}};
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf");
    }
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(R"(atrium_http_requests_total{method="POST",route="/echo",status="200"})").empty());
}

TEST_CASE("a client that has sent close_notify still gets its response") {
    test_server server{secure_settings()};
    raw_client client{server.port(), tls_options{}};
    client.send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
    eventually([&] { return server.waits.started == 1; });
    client.tls().notify_of_end();
    server.waits.release = true;
    CHECK(client.read_answer().body == "\"waited\"");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("large bodies pass through TLS in both directions") {
    auto s = secure_settings();
    s.limits.body = 8 * 1024 * 1024;
    test_server server{s};
    for (const auto version : {tls_version::v1_2, tls_version::v1_3}) {
        raw_client client{server.port(), options_with(version)};
        std::string body;
        for (int i = 0; body.size() < 5'000'000; ++i)
            body += std::to_string(i);
        client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
        CHECK(client.read_answer().body == body);
    }
}

TEST_CASE("a client cannot renegotiate a TLS 1.2 connection") {
    test_server server{secure_settings()};
    raw_client client{server.port(), options_with(tls_version::v1_2)};
    client.send(get_small);
    CHECK(client.read_answer().status == 200);
    CHECK_FALSE(client.tls().renegotiate().empty());
}

TEST_CASE("a client can update its TLS keys from time to time, but not without limit") {
    test_server server{secure_settings()};
    raw_client client{server.port(), options_with(tls_version::v1_3)};
    for (int i = 0; i < 100; ++i) {
        client.send(get_small);
        CHECK(client.read_answer().status == 200);
        CHECK(client.tls().update_key());
    }
    for (int i = 0; i < 10'000 && client.tls().update_key(); ++i)
        ;
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
}

TEST_CASE("a connection that is not admitted is closed without a handshake") {
    auto s = secure_settings();
    s.limits.connections_per_address = 1;
    test_server server{s};
    raw_client first{server.port(), tls_options{}};
    first.send(get_small);
    CHECK(first.read_answer().status == 200);
    CHECK_FALSE(refusal_of(server, {}).empty());
    CHECK(server.metric("atrium_http_refused_total{reason=\"connections_per_address\"}") == "1");
    CHECK(failed_handshakes(server).empty());
}

TEST_CASE("the memory of TLS counts toward the budget, and idle connections are closed while memory is short") {
    auto s = secure_settings();
    s.limits.memory = 16 * 1024 * 1024;
    s.deadlines.idle = 1h;
    test_server server{s};
    std::vector<std::unique_ptr<raw_client>> idle;
    for (int i = 0; i < 100; ++i) {
        idle.push_back(std::make_unique<raw_client>(server.port(), tls_options{}));
        idle.back()->send(get_small);
        REQUIRE(idle.back()->read_answer().status == 200);
    }
    const auto used = server.http.memory().share(memory_use::incoming).used();
    CHECK(used >= 100 * 16 * 1024);

    auto& documents = server.http.memory().share(memory_use::documents);
    documents.take(server.http.memory().limit());
    eventually([&] { // while requests are refused, idle connections are closed
        raw_client refused{server.port(), tls_options{}};
        refused.send(get_small);
        CHECK(refused.read_answer().status == 503);
        return idle.front()->is_closed() || idle.back()->is_closed();
    });
    documents.give(server.http.memory().limit());
}

TEST_CASE("a new certificate is used for new connections, and no request fails while the certificate is replaced") {
    certificate_authority authority;
    const auto files = authority.issue();
    auto s = secure_settings();
    s.threads = 2;
    s.tls = {.certificate = files.certificate, .key = files.key};
    test_server server{s};
    raw_client old{server.port(), tls_options{.trust = authority.file()}};
    old.send(get_small);
    CHECK(old.read_answer().status == 200);

    std::atomic<bool> is_running{true};
    std::atomic<int> answered{0};
    std::atomic<int> failed{0};
    std::vector<std::thread> clients;
    for (int i = 0; i < 3; ++i)
        clients.emplace_back([&] {
            while (is_running) {
                try {
                    raw_client client{server.port(), tls_options{.trust = authority.file()}};
                    client.send(get_small);
                    client.read_answer().status == 200 ? ++answered : ++failed;
                } catch (const std::exception&) {
                    ++failed;
                }
            }
        });
    for (int i = 0; i < 20; ++i) {
        const auto before = answered.load();
        authority.issue(files);
        CHECK(server.http.reload_certificate());
        eventually([&] { return answered >= before + 10 || failed > 0; });
    }
    is_running = false;
    for (auto& each : clients)
        each.join();
    CHECK(failed == 0);
    raw_client fresh{server.port(), tls_options{.trust = authority.file()}};
    fresh.send(get_small);
    CHECK(fresh.read_answer().status == 200);
    CHECK(fresh.tls().peer_serial() != old.tls().peer_serial());
    old.send(get_small);
    CHECK(old.read_answer().status == 200);
}

TEST_CASE("if a new certificate cannot be used, the old one stays in use") {
    certificate_authority authority;
    const auto files = authority.issue();
    const auto other = authority.issue();
    auto s = secure_settings();
    s.tls = {.certificate = files.certificate, .key = files.key};
    test_server server{s};
    const auto serial = [&] {
        raw_client client{server.port(), tls_options{.trust = authority.file()}};
        client.send(get_small);
        CHECK(client.read_answer().status == 200);
        return client.tls().peer_serial();
    };
    const auto before = serial();
    std::filesystem::copy_file(other.certificate, files.certificate, std::filesystem::copy_options::overwrite_existing);
    CHECK(server.http.reload_certificate()); // the new certificate is refused, because the key belongs to the old one
    CHECK(serial() == before);
    std::ofstream{files.certificate} << "not a certificate";
    CHECK(server.http.reload_certificate());
    CHECK(serial() == before);
    std::filesystem::remove(files.certificate);
    CHECK(server.http.reload_certificate());
    CHECK(serial() == before);
    authority.issue(files);
    CHECK(server.http.reload_certificate());
    CHECK(serial() != before);
}

TEST_CASE("TLS files that cannot be used are reported with the setting, the file and the reason") {
    certificate_authority authority;
    const auto files = authority.issue();
    const auto other = authority.issue();
    CHECK(error_of({.certificate = files.certificate, .key = files.key}).empty());
    CHECK(error_of({.certificate = "missing.pem", .key = files.key}) ==
          "tls.certificate: missing.pem cannot be used: No such file or directory");
    CHECK(error_of({.certificate = files.certificate, .key = other.key}) ==
          "tls.key: " + other.key + " cannot be used: it does not belong to the certificate");
    CHECK(error_of({.certificate = files.key, .key = files.key}).starts_with("tls.certificate: " + files.key));
    std::ofstream{other.key} << "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n";
    CHECK(error_of({.certificate = files.certificate, .key = other.key}).starts_with("tls.key: " + other.key));
    CHECK_THROWS_AS(check_authorities({.trust = files.key}), certificate_error);

    metrics::registry registry;
    const router no_routes;
    settings s;
    s.tls = {.certificate = files.certificate, .key = "missing.pem"};
    CHECK_THROWS_AS((server{s, no_routes, registry, logger{}}), certificate_error);
}

TEST_CASE("many handshakes do not keep the server from serving a connection that is already open") {
    test_server server{secure_settings()};
    raw_client other{server.port(), tls_options{}};
    other.send(get_small);
    CHECK(other.read_answer().status == 200);

    std::atomic<bool> is_running{true};
    std::atomic<int> handshakes{0};
    std::vector<std::thread> attackers;
    for (int i = 0; i < 4; ++i)
        attackers.emplace_back([&] {
            while (is_running)
                try {
                    raw_client client{server.port(), tls_options{}};
                    handshakes += client.tls().shake_hands().empty() ? 1 : 0;
                } catch (const std::exception&) { // there is temporarily no free port
                }
        });
    eventually([&] { return handshakes > 100; });
    for (int i = 0; i < 50; ++i) {
        other.send(get_small);
        CHECK(other.read_answer().status == 200);
    }
    is_running = false;
    for (auto& each : attackers)
        each.join();
}
