#include "client_fixture.hpp"
#include "scripted_server.hpp"

#include <http/certificate.hpp>
#include <http/server.hpp>
#include <support/certificate_authority.hpp>
#include <support/eventually.hpp>

// Tests calls over https: which servers the client accepts, and which errors it reports for the others.

namespace {

using namespace atrium;
using namespace atrium::http::test;
using support::certificate_authority;

const scripted_server::script say_ok = [](scripted_connection& c) { c.answer(ok_answer); };

/// The real server with TLS, and an authority that has signed its certificate.
struct secure_server {
    explicit secure_server(const support::certificate_options& o = {})
        : files{authority.issue(o)}, http{settings(), routes, registry, logger{}} {
        routes.get("/small", "", [](const http::request&) -> awaitable<http::response> { co_return http::json("{}"); });
        routes.get("/big", "",
                   [](const http::request&) -> awaitable<http::response> { co_return http::json(std::string(900'000, 'x')); });
        http.start();
    }
    [[nodiscard]] http::settings settings() const {
        http::settings s;
        s.port = 0;
        s.threads = 1;
        s.tls = {.certificate = files.certificate, .key = files.key};
        return s;
    }
    /// Settings of a client that trusts the authority.
    [[nodiscard]] http::client_settings client(const std::string& host = "localhost") const {
        auto s = settings_for("https://" + host + ":" + std::to_string(http.port()));
        s.trust = authority.file();
        return s;
    }

    certificate_authority authority;
    support::pem_files files;
    metrics::registry registry;
    http::router routes;
    http::server http;
};

void check_untrusted(client_fixture& fixture, const std::string& reason) {
    const auto answer = fixture.get("/small");
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == errc::unavailable);
    CHECK(answer.error().detail == "the users service has no certificate that is trusted; nothing was changed");
    CHECK(fixture.calls("untrusted") == "1");
    const auto state = fixture.http.state();
    CHECK(state.failing_since);
    CHECK(state.reason == "the certificate was not accepted: " + reason);
    CHECK(fixture.connections() == "0");
}

} // namespace

TEST_CASE("consecutive calls over https use one connection, whether the URL has a host name or an IP address") {
    secure_server server;
    for (const auto* host : {"localhost", "127.0.0.1"}) {
        client_fixture fixture{server.client(host)};
        for (int i = 0; i < 10; ++i)
            REQUIRE(fixture.get("/small").value().status == 200);
        CHECK(fixture.get("/big").value().body.size() == 900'000);
        CHECK(fixture.connections() == "1");
        CHECK(fixture.http.state().reason.empty());
    }
}

TEST_CASE("a certificate for another name or address is not accepted") {
    secure_server server{{.names = "DNS:other.example"}};
    client_fixture by_name{server.client()};
    check_untrusted(by_name, "hostname mismatch");
    client_fixture by_address{server.client("127.0.0.1")};
    check_untrusted(by_address, "IP address mismatch");
}

TEST_CASE("a certificate that has expired or is not valid yet is not accepted") {
    secure_server expired{{.valid_from = std::chrono::hours{-48}, .valid_until = std::chrono::hours{-1}}};
    client_fixture late{expired.client()};
    check_untrusted(late, "certificate has expired");
    secure_server future{{.valid_from = std::chrono::hours{1}, .valid_until = std::chrono::hours{48}}};
    client_fixture early{future.client()};
    check_untrusted(early, "certificate is not yet valid");
}

TEST_CASE("a certificate is not accepted unless a trusted authority has signed it or it is itself trusted") {
    secure_server server;
    auto s = server.client();
    s.trust.clear();
    client_fixture no_trust{s};
    check_untrusted(no_trust, "unable to get local issuer certificate");

    secure_server own{{.is_self_signed = true}};
    client_fixture untrusted{own.client()};
    check_untrusted(untrusted, "self-signed certificate");
    s = own.client();
    s.trust = own.files.certificate;
    client_fixture trusted{s};
    CHECK(trusted.get("/small").value().status == 200);
}

TEST_CASE("a server that does not speak TLS is reported as such") {
    const auto refuse = [](scripted_connection& c) {
        c.write("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        c.wait_for_end();
    };
    scripted_server server{{refuse}};
    auto s = settings_for("https://127.0.0.1:" + std::to_string(server.port()));
    s.attempts = 1;
    client_fixture fixture{s};
    CHECK_FALSE(fixture.get("/"));
    CHECK(fixture.http.state().reason == "the other side does not speak TLS at this port");
    CHECK(fixture.calls("unreachable") == "1");
}

TEST_CASE("a response without Content-Length is complete only if it ends with close_notify of TLS") {
    certificate_authority authority;
    const auto files = authority.issue();
    const auto call = [&](const scripted_server::script& script) {
        scripted_server server{{[&](scripted_connection& c) {
            c.start_tls(files);
            script(c);
        }}};
        auto s = settings_for("https://127.0.0.1:" + std::to_string(server.port()));
        s.trust = authority.file();
        s.attempts = 1;
        client_fixture fixture{s};
        return fixture.get("/");
    };
    constexpr std::string_view without_length = "HTTP/1.1 200 OK\r\n\r\nok";
    CHECK_FALSE(call([&](scripted_connection& c) { c.answer(without_length); }));
    CHECK(call([&](scripted_connection& c) {
              c.answer(without_length);
              c.notify_of_end();
          })
              .value()
              .body == "ok");
    CHECK(call(say_ok).value().body == "ok");
    CHECK_FALSE(call([&](scripted_connection& c) { c.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"); }));
}

TEST_CASE("a TLS handshake that takes too long ends at the deadline of the call") {
    scripted_server server{{[](scripted_connection& c) { c.wait_for_end(); }}};
    auto s = settings_for("https://127.0.0.1:" + std::to_string(server.port()));
    s.deadline = 100ms;
    client_fixture fixture{s};
    CHECK_FALSE(fixture.get("/"));
    CHECK(fixture.calls("timed_out") == "1");
}

TEST_CASE("a kept connection that the server has closed with close_notify is replaced immediately") {
    certificate_authority authority;
    const auto files = authority.issue();
    const auto once = [&](scripted_connection& c) {
        c.start_tls(files);
        c.answer(ok_answer);
        c.notify_of_end();
    };
    scripted_server server{{once, once}};
    auto s = settings_for("https://localhost:" + std::to_string(server.port()));
    s.trust = authority.file();
    s.attempts = 1;
    client_fixture fixture{s};
    CHECK(fixture.get("/").value().body == "ok");
    CHECK(fixture.get("/").value().body == "ok");
    CHECK(fixture.connections() == "2");
}

TEST_CASE("if the file with the trusted authorities cannot be read, no client is created") {
    auto s = settings_for("https://localhost:1");
    s.trust = "missing.pem";
    try {
        const client_fixture fixture{s};
        FAIL("the client was created");
    } catch (const http::certificate_error& e) {
        CHECK(std::string{e.what()} == "tls.trust: missing.pem cannot be used: No such file or directory");
    }
}
