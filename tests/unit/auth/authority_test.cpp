#include "auth_fixture.hpp"
#include "credential_tables.hpp"
#include "test_issuer.hpp"

#include <auth/secret.hpp>

#include <fstream>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;
using support::eventually;

TEST_CASE("a token is recognized until it expires") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci", {"users:read"}, fixture.time.now() + 1h);
    fixture.start();
    const auto principal = fixture.authenticate_bearer(secret);
    REQUIRE(principal);
    CHECK(principal->name() == "token:ci");
    CHECK(principal->has("users:read"));
    CHECK_FALSE(principal->has("users:write"));
    CHECK(fixture.authenticate("bearer   " + secret) == principal);
    CHECK(fixture.authenticate("BEARER " + secret) == principal);
    fixture.advance(1h);
    CHECK_FALSE(fixture.authenticate_bearer(secret));
    CHECK_FALSE(principal->is_valid(fixture.time.now()));
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="expired"})") == "1");
}

TEST_CASE("unknown and malformed credentials are refused, and the refusals are counted by their reason") {
    auth_fixture fixture;
    fixture.create("ci");
    fixture.start();
    CHECK_FALSE(fixture.authenticate_bearer(make_secret()));
    CHECK_FALSE(fixture.authenticate_bearer(""));
    CHECK_FALSE(fixture.authenticate_bearer("x"));
    CHECK_FALSE(fixture.authenticate_bearer("a.b.c"));
    CHECK_FALSE(fixture.authenticate("Basic YTpi"));
    CHECK_FALSE(fixture.authenticate(""));
    CHECK_FALSE(fixture.authenticate("", "atrium_session=x"));
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + make_secret()));
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="unknown"})") == "2");
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="malformed"})") == "4");
}

TEST_CASE("without authentication every client is anonymous") {
    auth_fixture fixture{{.mode = mode::none}};
    fixture.start();
    CHECK(fixture.authenticate("") == access::principal::anonymous());
    CHECK(fixture.authenticate_bearer("wrong") == access::principal::anonymous());
    CHECK_FALSE(fixture.authority->first_code());
}

TEST_CASE("the creation and the revocation of a token by another process take effect within a few seconds") {
    auth_fixture fixture;
    fixture.start();
    const auto secret = fixture.create("ci");
    const auto created = std::chrono::steady_clock::now();
    eventually([&] { return fixture.authenticate_bearer(secret) != nullptr; });
    CHECK(std::chrono::steady_clock::now() - created < 5s); // it takes a second on an idle machine
    const auto principal = fixture.authenticate_bearer(secret);
    CHECK(principal->is_valid(fixture.time.now()));
    fixture.revoke("ci");
    eventually([&] { return !principal->is_valid(fixture.time.now()); });
    CHECK_FALSE(fixture.authenticate_bearer(secret));
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="revoked"})") == "1");
    CHECK(fixture.metric(R"(atrium_auth_token_changes_total{change="created"})") == "1");
    CHECK(fixture.metric(R"(atrium_auth_token_changes_total{change="revoked"})") == "1");
}

TEST_CASE("the creation and the revocation of a token by the authority take effect immediately") {
    auth_fixture fixture;
    fixture.start();
    const auto issued = run(fixture.authority->create_token({"ci", {"admin"}}, "token:root"));
    REQUIRE(issued);
    const auto principal = fixture.authenticate_bearer(issued->secret);
    REQUIRE(principal);
    CHECK(run(fixture.authority->list_tokens()).value().at(0).created_by == "token:root");
    REQUIRE(run(fixture.authority->revoke_token("ci", "token:root")));
    CHECK_FALSE(principal->is_valid(fixture.time.now()));
    CHECK_FALSE(fixture.authenticate_bearer(issued->secret));
    CHECK(fixture.metric(R"(atrium_auth_token_changes_total{change="created"})") == "1");
}

TEST_CASE("a token that gets the name of a revoked one has another secret") {
    auth_fixture fixture;
    const auto first = fixture.create("ci");
    fixture.revoke("ci");
    const auto second = fixture.create("ci");
    fixture.start();
    CHECK_FALSE(fixture.authenticate_bearer(first));
    CHECK(fixture.authenticate_bearer(second));
}

TEST_CASE("the last use of a token is recorded with the accuracy of a minute, not with each request") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci");
    const auto unused = fixture.create("other");
    fixture.start();
    REQUIRE(fixture.authenticate_bearer(secret));
    CHECK_FALSE(fixture.list()[0].used);
    const auto used = std::chrono::floor<std::chrono::minutes>(fixture.time.now());
    fixture.advance(1min);
    eventually([&] { return fixture.list()[0].used.has_value(); });
    CHECK(fixture.list()[0].used == used);
    CHECK_FALSE(fixture.list()[1].used);
}

TEST_CASE("tokens are removed when they expired or were revoked longer ago than the setting `history`") {
    auth_fixture fixture{{.mode = mode::token, .session = 1min, .history = 24h}};
    const auto secret = fixture.create("forever");
    fixture.create("short", {"admin"}, fixture.time.now() + 1h);
    fixture.create("revoked");
    fixture.revoke("revoked");
    fixture.start();
    REQUIRE(run(fixture.authority->begin_session(secret)));
    fixture.advance(23h);
    // The session has expired. Each sweep that removes expired sessions also checks the tokens.
    eventually([&] { return fixture.count("SELECT count(*) FROM auth_session") == 0; });
    CHECK(fixture.list().size() == 3);
    fixture.advance(3h);
    eventually([&] { return fixture.list().size() == 1; });
    CHECK(fixture.list()[0].name == "forever");
    CHECK(fixture.authenticate_bearer(secret));
}

TEST_CASE("a session has the scopes of its token and survives a restart") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci", {"users:read"});
    fixture.start();
    const auto session = run(fixture.authority->begin_session(secret));
    REQUIRE(session);
    CHECK(session->principal->name() == "token:ci");
    CHECK(session->principal->expires() == fixture.time.now() + 12h);
    const auto cookie = "a=b; atrium_session=" + session->secret;
    CHECK(fixture.authenticate("", cookie) == session->principal);
    fixture.start();
    const auto again = fixture.authenticate("", cookie);
    REQUIRE(again);
    CHECK(again->scopes() == session->principal->scopes());
    CHECK(fixture.metric("atrium_auth_sessions") == "1");
    fixture.advance(12h);
    CHECK_FALSE(fixture.authenticate("", cookie));
}

TEST_CASE("a Bearer credential takes precedence over a session, and a Basic credential does not") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci");
    fixture.start();
    const auto cookie = "atrium_session=" + run(fixture.authority->begin_session(secret)).value().secret;
    CHECK_FALSE(fixture.authenticate("Bearer wrong", cookie));
    CHECK(fixture.authenticate("Basic YTpi", cookie)); // ignored, because it may be meant for a proxy
}

TEST_CASE("a session ends when its token expires or is revoked") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci", {"users:read"}, fixture.time.now() + 1h);
    fixture.start();
    const auto session = run(fixture.authority->begin_session(secret)).value();
    CHECK(session.principal->expires() == fixture.time.now() + 1h);
    REQUIRE(run(fixture.authority->revoke_token("ci", "token:root")));
    CHECK_FALSE(session.principal->is_valid(fixture.time.now()));
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + session.secret));
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 0);
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + session.secret));
}

TEST_CASE("no session begins with a token that another process has just revoked, and a restart restores none of its sessions") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci");
    fixture.start();
    const auto kept = run(fixture.authority->begin_session(secret)).value();
    const auto begin_after_revocation = [&] { // a revocation by another process, which the authority has not detected yet
        fixture.revoke("ci");
        return run(fixture.authority->begin_session(secret));
    };
    CHECK(begin_after_revocation().error().code == errc::unauthenticated);
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 0);
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + kept.secret));
}

TEST_CASE("a stored session whose token was revoked is ignored after a restart") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci");
    fixture.start();
    const auto session = run(fixture.authority->begin_session(secret)).value();
    REQUIRE(run(fixture.store.write([&](storage::transaction& t) -> result<> {
        t.execute("UPDATE auth_token SET revoked = 1, revoked_by = 'x'");
        return {};
    })));
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + session.secret));
}

TEST_CASE("a principal has at most 20 sessions, and a further session ends only the oldest one of the same principal") {
    auth_fixture fixture;
    const auto busy = fixture.create("busy");
    const auto calm = fixture.create("calm");
    fixture.start();
    const auto other = run(fixture.authority->begin_session(calm)).value();
    std::vector<std::string> cookies;
    for (int i = 0; i < 25; ++i)
        cookies.push_back("atrium_session=" + run(fixture.authority->begin_session(busy)).value().secret);
    for (int restart = 0; restart < 2; ++restart) {
        CHECK(fixture.authenticate("", "atrium_session=" + other.secret));
        CHECK_FALSE(fixture.authenticate("", cookies[4]));
        CHECK(fixture.authenticate("", cookies[5]));
        CHECK(fixture.count("SELECT count(*) FROM auth_session") == 21);
        CHECK(fixture.metric("atrium_auth_sessions") == (restart == 0 ? "0" : "21")); // updated once a minute and at the start
        fixture.start();
    }
}

TEST_CASE("a token may expire after the last year that the system clock can represent") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci", {"admin"}, timestamp{std::chrono::sys_days{std::chrono::year{9999} / 12 / 31}});
    fixture.start();
    const auto principal = fixture.authenticate_bearer(secret);
    REQUIRE(principal);
    CHECK(principal->is_valid(fixture.time.now()));
    CHECK_FALSE(fixture.authority->first_code());
    CHECK(run(fixture.authority->begin_session(secret)).value().principal->expires() == fixture.time.now() + 12h);
}

TEST_CASE("the code for the first administrator becomes invalid once a token is valid") {
    auth_fixture fixture;
    fixture.start();
    const auto code = fixture.authority->first_code().value();
    const auto secret = fixture.create("ci");
    eventually([&] { return fixture.authenticate_bearer(secret) != nullptr; });
    CHECK(run(fixture.authority->begin_first_session(code)).error().code == errc::unauthenticated);
}

TEST_CASE("a session can be ended, even for requests that still run") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci");
    fixture.start();
    const auto session = run(fixture.authority->begin_session(secret)).value();
    const auto cookie = "atrium_session=" + session.secret;
    REQUIRE(run(fixture.authority->end_session({.cookie = cookie})));
    CHECK_FALSE(session.principal->is_valid(fixture.time.now()));
    CHECK_FALSE(fixture.authenticate("", cookie));
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 0);
    CHECK(run(fixture.authority->end_session({.cookie = cookie}))); // the session has already ended
    CHECK(run(fixture.authority->end_session({})));
    CHECK(fixture.authenticate_bearer(secret));
}

TEST_CASE("no session begins with an invalid credential") {
    auth_fixture fixture;
    fixture.create("ci");
    fixture.start();
    for (const auto& credential : {std::string{}, std::string{"x"}, make_secret()})
        CHECK(run(fixture.authority->begin_session(credential)).error().code == errc::unauthenticated);
}

TEST_CASE("expired sessions are removed") {
    auth_fixture fixture{{.mode = mode::token, .session = 1min}};
    const auto secret = fixture.create("ci");
    fixture.start();
    REQUIRE(run(fixture.authority->begin_session(secret)));
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 1);
    fixture.advance(2min);
    eventually([&] { return fixture.count("SELECT count(*) FROM auth_session") == 0; });
    eventually([&] { return fixture.metric("atrium_auth_sessions") == "0"; });
}

TEST_CASE("the first administrator signs in once with a code while there is no valid token") {
    auth_fixture fixture;
    fixture.create("old", {"admin"}, fixture.time.now() + 1s);
    fixture.advance(1s);
    fixture.start();
    const auto code = fixture.authority->first_code();
    REQUIRE(code);
    CHECK(run(fixture.authority->begin_first_session(make_secret())).error().code == errc::unauthenticated);
    CHECK(run(fixture.authority->begin_first_session("")).error().code == errc::unauthenticated);
    const auto session = run(fixture.authority->begin_first_session(*code));
    REQUIRE(session);
    CHECK(session->principal->has("admin"));
    CHECK(fixture.authenticate("", "atrium_session=" + session->secret));
    CHECK(run(fixture.authority->begin_first_session(*code)).error().code == errc::unauthenticated);
}

TEST_CASE("the code for the first administrator is valid for half an hour") {
    auth_fixture fixture;
    fixture.start();
    const auto code = fixture.authority->first_code().value();
    fixture.advance(30min);
    CHECK(run(fixture.authority->begin_first_session(code)).error().code == errc::unauthenticated);
}

TEST_CASE("there is no code for the first administrator while a token is valid") {
    auth_fixture fixture;
    fixture.create("ci");
    fixture.start();
    CHECK_FALSE(fixture.authority->first_code());
    CHECK(run(fixture.authority->begin_first_session("")).error().code == errc::unauthenticated);
}

TEST_CASE("a session of the first administrator's link ends forever when the server starts with another auth.mode") {
    auth_fixture fixture;
    const auto keys = (fixture.folder / "keys.json").string();
    std::ofstream{keys} << set_of(test_key{"EdDSA", "1"}.jwk());
    const settings with_issuer{.mode = mode::jwt,
                               .jwt = {.issuer = "https://login.example", .audience = "atrium", .jwks = keys}};
    fixture.start();
    const auto session = run(fixture.authority->begin_first_session(fixture.authority->first_code().value())).value();
    const auto cookie = "atrium_session=" + session.secret;
    const auto token = fixture.create("ci");
    fixture.start();
    CHECK(fixture.authenticate("", cookie)); // a restart does not end the session
    const auto token_session = run(fixture.authority->begin_session(token)).value().secret;

    fixture.current_settings = with_issuer;
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", cookie));
    CHECK(fixture.authenticate("", "atrium_session=" + token_session)); // both modes accept the token of this session
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 2);
    fixture.advance(1min);
    eventually([&] { return fixture.count("SELECT count(*) FROM auth_session") == 1; });

    fixture.current_settings = {.mode = mode::token};
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", cookie));
}

TEST_CASE("while no credential is needed, no client can begin a session") {
    auth_fixture fixture{{.mode = mode::none}};
    fixture.start();
    CHECK_FALSE(fixture.authority->first_code());
    CHECK_FALSE(run(fixture.authority->begin_first_session(make_secret())));
    CHECK_FALSE(run(fixture.authority->begin_session(make_secret())));
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 0);
}

TEST_CASE("sessions of an issuer that is no longer configured are refused, and removed a minute later") {
    auth_fixture fixture;
    fixture.create("ci");
    const auto insert = [&](const std::string& cookie, std::optional<std::string> issuer, std::string link_mode = {}) {
        table::stored_session session{.hash = digest_of(cookie), .issuer = std::move(issuer), .principal = "jwt:ann"};
        session.mode = std::move(link_mode);
        session.created = fixture.time.now();
        session.expires = fixture.time.now() + 24h;
        REQUIRE(run(fixture.store.write([&](storage::transaction& t) -> result<> {
            (void)table::insert_session(t, session, 20);
            return {};
        })));
    };
    insert(std::string(43, 'a'), "https://other.example");
    insert(std::string(43, 'b'), std::nullopt, "token"); // a session of the first administrator's link
    fixture.start();
    CHECK_FALSE(fixture.authenticate("", "atrium_session=" + std::string(43, 'a')));
    CHECK(fixture.authenticate("", "atrium_session=" + std::string(43, 'b')));
    fixture.advance(1min);
    eventually([&] { return fixture.count("SELECT count(*) FROM auth_session WHERE issuer IS NOT NULL") == 0; });
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 1);
}
