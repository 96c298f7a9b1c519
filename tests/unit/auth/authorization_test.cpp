#include "auth_fixture.hpp"
#include "test_issuer.hpp"

#include <auth/authorization.hpp>
#include <auth/secret.hpp>
#include <http/client_account.hpp>

#include <filesystem>
#include <fstream>
#include <set>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;
using http::status;

namespace {

/// A router with a route for each kind of requirement, and a client that sends requests to it.
struct authorization_fixture : auth_fixture {
    explicit authorization_fixture(settings s = {.mode = mode::token}) : auth_fixture{std::move(s)} {
        const auto answer = [](const http::request&) -> awaitable<http::response> { co_return http::json("{}"); };
        router.get("/open", "", answer).open();
        router.get("/any", "", answer).any_principal();
        router.get("/users", "", answer).scope("users:read");
        router.get("/admin", "", answer).scope("admin");
    }

    /// The refusal of a request, or the response of its route.
    http::response get(std::string path, std::vector<http::field> headers = {}) {
        request = {.path = std::move(path), .client = client};
        for (const auto& each : headers)
            request.headers.add(each);
        const auto match = router.find(request);
        REQUIRE(match.found);
        auto refused = run(router.get_authorization()(request, *match.found));
        return refused ? *std::move(refused) : run(match.found->handler(request));
    }
    http::response get_with(std::string path, const std::string& secret) {
        authorization = "Bearer " + secret;
        return get(std::move(path), {{"Authorization", authorization}});
    }
    void serve() {
        start();
        router.set_authorization(make_authorization(*authority));
    }

    http::router router;
    const std::shared_ptr<http::client_account> client =
        std::make_shared<http::client_account>(http::client_account{.address = http::address_group{1}});
    http::request request;
    std::string authorization;
};

std::string header_of(const http::response& r, std::string_view header_name) {
    for (const auto& [name, value] : r.headers)
        if (name == header_name)
            return value;
    return {};
}

std::string challenge_of(const http::response& r) {
    return header_of(r, "WWW-Authenticate");
}

std::string retry_of(const http::response& r) {
    return header_of(r, "Retry-After");
}

} // namespace

TEST_CASE("a route is open to all clients, or requires a valid credential or a scope") {
    authorization_fixture fixture;
    const auto reader = fixture.create("reader", {"users:read"});
    const auto other = fixture.create("other", {"orders:read"});
    const auto admin = fixture.create("admin", {"admin"});
    fixture.serve();
    CHECK(fixture.get("/open").status == status::ok);
    CHECK_FALSE(fixture.request.principal);
    CHECK(fixture.get_with("/open", "wrong").status == status::ok);
    CHECK(fixture.get_with("/open", reader).status == status::ok);
    CHECK(fixture.request.principal->name() == "token:reader");

    CHECK(fixture.get("/any").status == status::unauthorized);
    CHECK(fixture.get_with("/any", other).status == status::ok);
    CHECK(fixture.get_with("/users", reader).status == status::ok);
    CHECK(fixture.get_with("/users", admin).status == status::ok);
    CHECK(fixture.get_with("/admin", admin).status == status::ok);

    const auto refused = fixture.get_with("/users", other);
    CHECK(refused.status == status::forbidden);
    CHECK(refused.body.find("the scope users:read is needed") != std::string::npos);
    CHECK(challenge_of(refused).empty());
}

TEST_CASE("every refusal of a client without a valid credential has the same body") {
    authorization_fixture fixture;
    const auto expired = fixture.create("expired", {"admin"}, fixture.time.now() + 1s);
    const auto revoked = fixture.create("revoked", {"admin"});
    fixture.revoke("revoked");
    fixture.advance(1s);
    fixture.serve();
    std::set<std::string> bodies{fixture.get("/users").body};
    for (const auto& secret : {expired, revoked, make_secret(), std::string{}, std::string{"x"}, std::string(20'000, 'a')}) {
        const auto refused = fixture.get_with("/users", secret);
        CHECK(refused.status == status::unauthorized);
        CHECK(challenge_of(refused).starts_with("Bearer"));
        bodies.insert(refused.body);
    }
    CHECK(bodies.size() == 1);
}

TEST_CASE("a request with two Authorization headers has no valid credential") {
    authorization_fixture fixture;
    const auto credential = "Bearer " + fixture.create("ci");
    fixture.serve();
    CHECK(fixture.get("/users", {{"authorization", credential}}).status == status::ok);
    CHECK(fixture.get("/users", {{"Authorization", credential}, {"Authorization", credential}}).status == status::unauthorized);
    CHECK(fixture.get("/users", {{"Authorization", "Basic YTpi"}, {"Authorization", credential}}).status ==
          status::unauthorized);
}

TEST_CASE("the cookie of a session is accepted as a credential") {
    authorization_fixture fixture;
    const auto secret = fixture.create("ci");
    fixture.serve();
    const auto cookie = "atrium_session=" + run(fixture.authority->begin_session(secret)).value().secret;
    CHECK(fixture.get("/users", {{"Cookie", cookie}}).status == status::ok);
    CHECK(fixture.get("/admin", {{"Cookie", cookie}}).status == status::forbidden);
    CHECK(fixture.get("/users", {{"Cookie", "atrium_session=" + make_secret()}}).status == status::unauthorized);
}

TEST_CASE("without authentication every route admits every client") {
    authorization_fixture fixture{{.mode = mode::none}};
    fixture.serve();
    for (const auto* path : {"/open", "/any", "/users", "/admin"})
        CHECK(fixture.get(path).status == status::ok);
    CHECK(fixture.request.principal == access::principal::anonymous());
}

TEST_CASE("JSON Web Tokens are accepted in addition to tokens, and new keys of the issuer are used immediately") {
    support::temporary_directory keys;
    const auto file = keys / "keys.json";
    const test_key first{"EdDSA", "1"};
    const test_key second{"ES256", "2"};
    const auto write = [&](const std::string& text) {
        std::ofstream{file.string() + ".new"} << text;
        std::filesystem::rename(file.string() + ".new", file);
    };
    write(set_of(first.jwk()));
    authorization_fixture fixture{
        {.mode = mode::jwt, .jwt = {.issuer = "https://issuer.example", .audience = "atrium", .jwks = file}}};
    const auto secret = fixture.create("ci");
    fixture.serve();
    const std::string claims =
        R"({"iss":"https://issuer.example","aud":"atrium","sub":"alice","exp":1795348900,"scope":"users:read"})";
    CHECK(fixture.get_with("/users", secret).status == status::ok);
    for (int i = 0; i < 2; ++i) {
        CHECK(fixture.get_with("/users", first.sign(claims)).status == status::ok);
        CHECK(fixture.request.principal->name() == "jwt:alice");
    }
    CHECK(fixture.get_with("/admin", first.sign(claims)).status == status::forbidden);
    write(set_of(second.jwk()));
    CHECK(fixture.get_with("/users", second.sign(claims)).status == status::ok);
    CHECK(fixture.get_with("/users", first.sign(claims)).status == status::unauthorized);
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="unknown_key"})") == "1");

    const auto session = run(fixture.authority->begin_session(second.sign(claims)));
    REQUIRE(session);
    CHECK(session->principal->expires() == access::principal::time_point{1'795'348'960s});
    fixture.advance(160s);
    CHECK(fixture.get_with("/users", second.sign(claims)).status == status::unauthorized);
}

TEST_CASE("after too many refused credentials from one address, unknown ones from it get 429, and known ones are accepted") {
    support::temporary_directory keys;
    const auto file = keys / "keys.json";
    const test_key key{"EdDSA", "1"};
    std::ofstream{file} << set_of(key.jwk());
    authorization_fixture fixture{
        {.mode = mode::jwt, .refusals = 3, .jwt = {.issuer = "https://i.example", .audience = "atrium", .jwks = file}}};
    const auto secret = fixture.create("ci");
    fixture.serve();
    const auto claims = [](const std::string& name) {
        return R"({"iss":"https://i.example","aud":"atrium","exp":1795348900,"scope":"users:read","sub":")" + name + "\"}";
    };
    const auto ann = key.sign(claims("ann"));
    CHECK(fixture.get_with("/users", ann).status == status::ok);
    for (int i = 0; i < 2; ++i)
        CHECK(fixture.get_with("/users", make_secret()).status == status::unauthorized);
    const auto refused = fixture.get_with("/users", "x.y.z");
    CHECK(refused.status == status::too_many_requests); // this is the third refusal
    CHECK(retry_of(refused) == "60");
    CHECK(challenge_of(refused).empty());

    // This token is valid, but has not been verified before.
    CHECK(fixture.get_with("/users", key.sign(claims("bob"))).status == status::too_many_requests);
    CHECK(fixture.metric(R"(atrium_auth_refused_total{reason="limited"})") == "1");
    CHECK(fixture.get_with("/users", secret).status == status::ok);
    CHECK(fixture.get_with("/users", ann).status == status::ok);
    CHECK(fixture.get("/users").status == status::unauthorized); // no credential was presented
    CHECK(fixture.get_with("/open", make_secret()).status == status::ok);

    fixture.client->address = http::address_group{2};
    CHECK(fixture.get_with("/users", key.sign(claims("bob"))).status == status::ok);
    CHECK(fixture.get_with("/users", make_secret()).status == status::unauthorized);
    fixture.client->address = http::address_group{1};
    fixture.advance(1min);
    CHECK(fixture.get_with("/users", make_secret()).status == status::unauthorized);
}

TEST_CASE("if the setting `refusals` is 0, a client with refused credentials never gets 429") {
    authorization_fixture fixture{{.mode = mode::token, .refusals = 0}};
    fixture.serve();
    for (int i = 0; i < 2000; ++i)
        REQUIRE(fixture.get_with("/users", make_secret()).status == status::unauthorized);
}
