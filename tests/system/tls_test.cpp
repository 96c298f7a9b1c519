// Tests HTTPS with the real program: its log, the replacement of its certificate, and what the program `openssl` finds.
#include <support/catch.hpp>
#include <support/certificate_authority.hpp>
#include <support/enabled_modules.hpp>
#include <support/process.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>

#include <boost/json.hpp>

#include <csignal>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace atrium::support;

/// The output and the exit status of a program.
struct outcome {
    int status;
    std::string out;
    std::string err;
};

outcome run(const std::vector<std::string>& command) {
    process program{command};
    const int status = program.wait();
    return {status, program.out(), program.err()};
}

bool contains(const std::string& text, std::string_view part) {
    INFO("in: " << text);
    UNSCOPED_INFO("expected: " << part);
    return text.find(part) != std::string::npos;
}

std::vector<std::string> settings_for(const pem_files& files, std::vector<std::string> other_settings = {}) {
    other_settings.insert(other_settings.end(), {"tls.certificate=" + files.certificate, "tls.key=" + files.key});
    return other_settings;
}

/// A server with TLS, and the authority that its clients trust.
struct secure_fixture {
    certificate_authority authority;
    pem_files files = authority.issue();
    running_server server{settings_for(files)};

    [[nodiscard]] std::string url() const { return "https://localhost:" + std::to_string(server.port()); }

    answer get(const std::string& target) {
        raw_client client{server.port(), tls_options{.trust = authority.file()}};
        client.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return client.read_answer();
    }
    std::string serial() {
        raw_client client{server.port(), tls_options{.trust = authority.file()}};
        REQUIRE(client.tls().shake_hands().empty());
        return client.tls().peer_serial();
    }
    /// Returns the output of `openssl s_client` about a connection.
    outcome s_client(std::vector<std::string> options) {
        options.insert(options.begin(), {"openssl", "s_client", "-connect", "127.0.0.1:" + std::to_string(server.port()),
                                         "-CAfile", authority.file(), "-servername", "localhost"});
        auto result = run(options);
        result.out += result.err;
        return result;
    }
};

answer post(std::uint16_t port, const std::string& trust, const std::string& target, const std::string& form) {
    raw_client client{port, tls_options{.trust = trust}};
    client.send("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
                "Content-Length: " + std::to_string(form.size()) + "\r\n\r\n" + form);
    return client.read_answer();
}

} // namespace

TEST_CASE("a server with a certificate logs an https URL and answers") {
    secure_fixture fixture;
    fixture.server.expect_log("listening on https://127.0.0.1:" + std::to_string(fixture.server.port()));
    CHECK(fixture.get("/readyz").status == 200);
    fixture.server.stop();
    const auto checked = run({atrium_program(), "check", "--set", "tls.certificate=" + fixture.files.certificate, "--set",
                              "tls.key=" + fixture.files.key, "--set", "storage.path=" + fixture.server.database().string()});
    CHECK(checked.status == 0);
    CHECK(contains(checked.out, "tls.certificate: " + fixture.files.certificate + " is valid from 20"));
}

TEST_CASE("a server whose certificate cannot be used does not start, and `atrium check` reports the reason") {
    certificate_authority authority;
    const auto files = authority.issue();
    const auto other = authority.issue();
    temporary_directory folder;
    for (const auto* command : {"serve", "check"}) {
        const auto failed =
            run({atrium_program(), command, "--set", "http.port=0", "--set", "storage.path=" + (folder / "a.db").string(),
                 "--set", "tls.certificate=" + files.certificate, "--set", "tls.key=" + other.key});
        CHECK(failed.status == 1);
        CHECK(contains(failed.out + failed.err,
                       "tls.key: " + other.key + " cannot be used: it does not belong to the certificate"));
    }
}

TEST_CASE("SIGHUP makes a server use a new certificate, and keep the old one if the new one cannot be used") {
    secure_fixture fixture;
    const auto first = fixture.serial();
    fixture.authority.issue(fixture.files);
    fixture.server.process().signal(SIGHUP);
    fixture.server.expect_log("info http: the new certificate is in use valid_until=");
    const auto second = fixture.serial();
    CHECK(second != first);

    std::ofstream{fixture.files.key} << "damaged";
    fixture.server.process().signal(SIGHUP);
    fixture.server.expect_log("error http: the new certificate cannot be used, so the old one stays in use reason=");
    CHECK(contains(fixture.server.log(), "tls.key: " + fixture.files.key));
    CHECK(fixture.serial() == second);
    CHECK(fixture.get("/livez").status == 200);
    fixture.server.stop();
}

TEST_CASE("openssl finds TLS 1.2 and 1.3 with a valid certificate, and no weakness") {
    secure_fixture fixture;
    for (const auto& [option, version] : {std::pair{"-tls1_2", "TLSv1.2"}, std::pair{"-tls1_3", "TLSv1.3"}}) {
        const auto report = fixture.s_client({option, "-alpn", "h2,http/1.1"});
        CHECK(report.status == 0);
        CHECK(contains(report.out, "Verify return code: 0 (ok)"));
        CHECK(contains(report.out, version));
        CHECK(contains(report.out, "Compression: NONE"));
        CHECK(contains(report.out, "ALPN protocol: http/1.1"));
    }
    CHECK(contains(fixture.s_client({"-tls1_2"}).out, "Secure Renegotiation IS supported"));
    for (const auto* option : {"-tls1", "-tls1_1"})
        CHECK(contains(fixture.s_client({option, "-cipher", "ALL:@SECLEVEL=0"}).out, "alert protocol version"));
    for (const auto* weak : {"aNULL", "eNULL", "RC4", "3DES", "EXPORT", "LOW", "MD5", "PSK"}) {
        const auto report = fixture.s_client({"-tls1_2", "-cipher", std::string{weak} + ":@SECLEVEL=0"});
        CAPTURE(weak, report.out);
        CHECK(report.status != 0);
    }
    CHECK(contains(fixture.s_client({"-alpn", "h2"}).out, "no application protocol"));
}

TEST_CASE(
    "the orders process calls users over https, and a certificate that is not trusted is reported in the log and by /readyz") {
    certificate_authority authority;
    const auto files = authority.issue();
    running_server users{settings_for(files, {R"(modules.enabled=["users"])", "http.hosts=[\"localhost\"]"})};
    REQUIRE(post(users.port(), authority.file(), "/users/", "username=ann&email=ann@example.com").status == 201);
    const auto url = "modules.orders.users_url=https://localhost:" + std::to_string(users.port());

    running_server orders{{all_modules_but("users"), url, "tls.trust=" + authority.file()}};
    const auto form = "username=ann&product_name=tea";
    CHECK(orders.http().post_form("/orders/", form).status == 201);
    CHECK(orders.http().get("/readyz").json().at("users").at("ready") == true);

    running_server without_trust{{all_modules_but("users"), url}};
    const auto refused = without_trust.http().post_form("/orders/", form);
    CHECK(refused.status == 503);
    CHECK(contains(refused.body, "has no certificate that is trusted"));
    without_trust.expect_log("the certificate was not accepted: unable to get local issuer certificate");
    const auto state = without_trust.http().get("/readyz").json().at("users");
    CHECK(state.at("ready") == false);
    CHECK(state.at("reason") == "the certificate was not accepted: unable to get local issuer certificate");
}

TEST_CASE("a server does not start if it would send a token to another machine without TLS, and `atrium check` reports this") {
    temporary_directory folder;
    for (const auto* command : {"serve", "check"}) {
        const auto failed =
            run({atrium_program(), command, "--set", "http.port=0", "--set", "storage.path=" + (folder / "a.db").string(),
                 "--set", R"(modules.enabled=["orders"])", "--set", "modules.orders.users_url=http://192.0.2.1:8000", "--set",
                 "modules.orders.users_token=sesame"});
        CHECK(failed.status == 1);
        CHECK(contains(failed.out + failed.err, "modules.orders.users_token would be sent to another machine without TLS"));
        CHECK(failed.err.find("sesame") == std::string::npos);
    }
}

TEST_CASE("`atrium events` uses https, and accepts the configured certificate or one that is trusted") {
    secure_fixture fixture;
    const auto port = "http.port=" + std::to_string(fixture.server.port());
    const std::vector<std::string> command{atrium_program(), "events", "subscriptions", "--set", port};
    auto configured = command;
    for (const auto& setting : settings_for(fixture.files))
        configured.insert(configured.end(), {"--set", setting});
    // The configured certificate need not be valid for the address to which the command connects.
    const auto listed = run(configured);
    CHECK(listed.status == 0);
    CHECK(contains(listed.out, "users.order_statistics"));

    const auto other = fixture.authority.issue();
    auto wrong = command;
    for (const auto& setting : settings_for(other))
        wrong.insert(wrong.end(), {"--set", setting});
    const auto refused = run(wrong);
    CHECK(refused.status == 1);
    CHECK(contains(refused.err, "is not the one in " + other.certificate));

    const auto untrusted = run({atrium_program(), "events", "subscriptions", "--server", fixture.url()});
    CHECK(untrusted.status == 1);
    CHECK(contains(untrusted.err, "the certificate of the server was not accepted: unable to get local issuer certificate"));
    process trusting{{atrium_program(), "events", "subscriptions", "--server", fixture.url()},
                     {"SSL_CERT_FILE=" + fixture.authority.file()}};
    CHECK(trusting.wait() == 0);
    CHECK(contains(trusting.out(), "users.order_statistics"));
}
