#include "auth_fixture.hpp"

#include <auth/secret.hpp>

#include <set>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;

namespace {

error refusal_of(auth_fixture& fixture, token_request request) {
    const auto outcome = run(fixture.store.write([&](storage::transaction& t) -> result<issued_token> {
        return create_token(t, request, command_line, fixture.time.now());
    }));
    REQUIRE_FALSE(outcome);
    return outcome.error();
}

} // namespace

TEST_CASE("a secret is 256 random bits in base64url") {
    std::set<std::string> secrets;
    for (int i = 0; i < 100; ++i) {
        const auto secret = make_secret();
        CHECK(parse_digest(secret)); // 32 bytes
        CHECK(secret.size() == secret_size);
        secrets.insert(secret);
    }
    CHECK(secrets.size() == 100);
}

TEST_CASE("a digest is a SHA-256 hash that can be converted to text and back") {
    const auto d = digest_of("abc"); // FIPS 180-2, appendix B.1
    CHECK(to_text(d) == "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    CHECK(parse_digest(to_text(d)) == d);
    for (const auto* text :
         {"", "ungWv48Bz", "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa1", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0"})
        CHECK_FALSE(parse_digest(text));
}

TEST_CASE("a token is listed with its scopes and times, and only its hash is stored") {
    auth_fixture fixture;
    const auto secret = fixture.create("ci", {"users:read", "orders:read", "users:read"}, fixture.time.now() + 1h);
    const auto rows = fixture.list();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].name == "ci");
    CHECK(rows[0].scopes == std::vector<std::string>{"orders:read", "users:read"});
    CHECK(rows[0].created == fixture.time.now());
    CHECK(rows[0].created_by == "command line");
    CHECK(rows[0].expires == fixture.time.now() + 1h);
    CHECK_FALSE(rows[0].used);
    CHECK(state_of(rows[0], fixture.time.now()) == "active");
    CHECK(state_of(rows[0], fixture.time.now() + 1h) == "expired");
    CHECK(fixture.count("SELECT count(*) FROM auth_token WHERE hash = '" + secret + "'") == 0);
    CHECK(fixture.count("SELECT count(*) FROM auth_token WHERE hash = '" + to_text(digest_of(secret)) + "'") == 1);
}

TEST_CASE("a token needs a valid name, valid scopes and an expiry in the future, and every fault is reported") {
    auth_fixture fixture;
    const auto past = fixture.time.now();
    const auto refused = refusal_of(fixture, {.name = "", .scopes = {"users"}, .expires = past});
    CHECK(refused.code == errc::invalid);
    REQUIRE(refused.faults.size() == 3);
    CHECK(refused.faults[0].pointer == "/name");
    CHECK(refused.faults[1].pointer == "/scopes");
    CHECK(refused.faults[2].pointer == "/expires");
    for (const auto& name :
         {std::string{" ci"}, std::string{"a/b"}, std::string{"a\nb"}, std::string{"\xff"}, std::string(101, 'a')})
        CHECK(refusal_of(fixture, {.name = name, .scopes = {"admin"}}).faults.front().pointer == "/name");
    CHECK(refusal_of(fixture, {.name = "ci", .scopes = {}}).faults.front().pointer == "/scopes");
    CHECK(fixture.list().empty());
}

TEST_CASE("a name belongs to one token until the token is revoked") {
    auth_fixture fixture;
    fixture.create("ci", {"admin"}, fixture.time.now() + 1s);
    CHECK(refusal_of(fixture, {.name = "ci", .scopes = {"admin"}}).code == errc::conflict);
    fixture.advance(1min); // an expired token keeps its name
    CHECK(refusal_of(fixture, {.name = "ci", .scopes = {"admin"}}).code == errc::conflict);
    fixture.revoke("ci");
    fixture.create("ci");
    CHECK(fixture.list().size() == 2);
}

TEST_CASE("an unknown or revoked token cannot be revoked") {
    auth_fixture fixture;
    const auto revoke = [&](std::string_view name) {
        return run(fixture.store.write([&](storage::transaction& t) -> result<token_row> {
            return revoke_token(t, name, "token:root", fixture.time.now());
        }));
    };
    CHECK(revoke("ci").error().code == errc::not_found);
    fixture.create("ci");
    CHECK(revoke("ci"));
    CHECK(fixture.list()[0].revoked == fixture.time.now());
    CHECK(fixture.list()[0].revoked_by == "token:root");
    CHECK(revoke("ci").error().code == errc::not_found);
}

TEST_CASE("a token is written as JSON, which contains its secret only if the caller passes the secret") {
    const token_row row{.name = "ci",
                        .scopes = {"orders:read", "users:read"},
                        .created = timestamp{1s},
                        .created_by = "command line",
                        .expires = timestamp{2s}};
    std::string text;
    json_writer json{text};
    write_token(json, row, timestamp{1s});
    CHECK(text == R"({"name":"ci","scopes":["orders:read","users:read"],"state":"active","created":"1970-01-01T00:00:01.000Z",)"
                  R"("created_by":"command line","expires":"1970-01-01T00:00:02.000Z","used":null,"revoked":null})");
    text.clear();
    json_writer again{text};
    write_token(again, row, timestamp{1s}, "secret");
    CHECK(text.ends_with(R"(,"token":"secret"})"));
}
