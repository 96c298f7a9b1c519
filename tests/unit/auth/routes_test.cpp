#include "auth_fixture.hpp"

#include <auth/authorization.hpp>
#include <auth/routes.hpp>
#include <auth/secret.hpp>
#include <http/client_account.hpp>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

using namespace atrium;
using namespace atrium::auth;
using namespace std::chrono_literals;
using http::status;
using http::verb;

namespace {

struct request_parts {
    std::string body = {};
    std::string type = "application/json";
    std::string accept = "*/*";
    std::string credential = {}; ///< the credential in Authorization
    std::string cookie = {};
    bool is_secure = false; ///< whether the request uses TLS
};

constexpr const char* form = "application/x-www-form-urlencoded";
constexpr const char* browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

struct routes_fixture : auth_fixture {
    explicit routes_fixture(settings s = {.mode = mode::token}) : auth_fixture{std::move(s)} {
        root = create("root", {"admin"});
        start();
        credentials.emplace(*authority);
        credentials->add_routes(router);
        router.set_authorization(make_authorization(*authority));
    }

    http::response send(verb method, std::string path, const request_parts& parts = {}, std::string_view query = {}) {
        http::request q{.method = method, .path = std::move(path), .query = query, .body = parts.body};
        q.is_secure = parts.is_secure;
        q.client = client;
        const auto authorization = "Bearer " + parts.credential;
        q.headers.add({"Content-Type", parts.type});
        q.headers.add({"Accept", parts.accept});
        if (!parts.credential.empty())
            q.headers.add({"Authorization", authorization});
        if (!parts.cookie.empty())
            q.headers.add({"Cookie", parts.cookie});
        const auto match = router.find(q);
        REQUIRE(match.found);
        auto refused = run(router.get_authorization()(q, *match.found));
        return refused ? *std::move(refused) : run(match.found->handler(q));
    }

    /// Signs in, and returns the value for the Cookie header of later requests.
    std::string sign_in(const std::string& secret) {
        const auto response = send(verb::post, "/session", {.body = R"({"token":")" + secret + "\"}"});
        REQUIRE(response.status == status::created);
        const auto set = header(response, "Set-Cookie");
        return set.substr(0, set.find(';'));
    }

    static std::string header(const http::response& r, std::string_view name) {
        for (const auto& [known, value] : r.headers)
            if (known == name)
                return value;
        return {};
    }

    const std::shared_ptr<http::client_account> client = std::make_shared<http::client_account>();
    std::string root;
    std::optional<routes> credentials;
    http::router router;
};

} // namespace

TEST_CASE("a session begins with a token in JSON or a form") {
    routes_fixture fixture;
    const auto response = fixture.send(verb::post, "/session", {.body = R"({"token":")" + fixture.root + "\"}"});
    CHECK(response.status == status::created);
    CHECK(boost::json::parse(response.body).at("name") == "token:root");
    CHECK(boost::json::parse(response.body).at("expires") == "2026-11-23T00:00:00.000Z");
    CHECK(fixture.header(response, "Cache-Control") == "no-store");
    const auto cookie = fixture.header(response, "Set-Cookie");
    CHECK(cookie.starts_with("atrium_session="));
    CHECK(cookie.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"));

    const auto by_form =
        fixture.send(verb::post, "/session", {.body = "token=" + fixture.root, .type = form, .accept = browser});
    CHECK(by_form.status == status::see_other);
    CHECK(fixture.header(by_form, "Location") == "/session");
    CHECK_FALSE(fixture.header(by_form, "Set-Cookie").empty());
}

TEST_CASE("the cookie of a session that begins over TLS is sent only over TLS") {
    routes_fixture fixture;
    const auto response =
        fixture.send(verb::post, "/session", {.body = R"({"token":")" + fixture.root + "\"}", .is_secure = true});
    const auto set = fixture.header(response, "Set-Cookie");
    CHECK(set.starts_with("__Host-atrium_session="));
    CHECK(set.ends_with("; Secure"));
    const auto cookie = set.substr(0, set.find(';'));
    CHECK(fixture.send(verb::get, "/session", {.cookie = cookie, .is_secure = true}).status == status::ok);
    const auto plain = cookie.substr(7); // refused, because another host of the domain could set this cookie
    CHECK(fixture.send(verb::get, "/session", {.cookie = plain, .is_secure = true}).status == status::unauthorized);
    CHECK(fixture.send(verb::delete_, "/session", {.cookie = cookie, .is_secure = true}).status == status::no_content);
    CHECK(fixture.send(verb::get, "/session", {.cookie = cookie, .is_secure = true}).status == status::unauthorized);
}

TEST_CASE("a session shows its principal, and can be ended") {
    routes_fixture fixture;
    const auto cookie = fixture.sign_in(fixture.root);
    const auto shown = fixture.send(verb::get, "/session", {.cookie = cookie});
    CHECK(shown.status == status::ok);
    CHECK(shown.body == R"({"name":"token:root","scopes":["admin"],"expires":"2026-11-23T00:00:00.000Z"})");
    const auto ended = fixture.send(verb::delete_, "/session", {.cookie = cookie});
    CHECK(ended.status == status::no_content);
    CHECK(fixture.header(ended, "Set-Cookie").starts_with("atrium_session=; Path=/; Max-Age=0;"));
    CHECK(fixture.send(verb::get, "/session", {.cookie = cookie}).status == status::unauthorized);
    const auto other = fixture.sign_in(fixture.root);
    CHECK(fixture.send(verb::post, "/session/end", {.accept = browser, .cookie = other}).status == status::see_other);
    CHECK(fixture.send(verb::get, "/session", {.cookie = other}).status == status::unauthorized);
    CHECK(fixture.send(verb::get, "/session", {.credential = fixture.root}).status == status::ok);
}

TEST_CASE("an invalid token does not begin a session") {
    routes_fixture fixture;
    CHECK(fixture.send(verb::post, "/session", {.body = R"({"token":"x"})"}).status == status::unauthorized);
    CHECK(fixture.send(verb::post, "/session", {.body = R"({"token":5})"}).status == status::unprocessable_entity);
    CHECK(fixture.send(verb::post, "/session", {.body = "{"}).status == status::bad_request);
    const auto page = fixture.send(verb::post, "/session", {.body = "token=x", .type = form, .accept = browser});
    CHECK(page.status == status::unauthorized);
    CHECK(page.body.find("This token is not valid.") != std::string::npos);
}

TEST_CASE("an administrator creates, lists and revokes tokens") {
    routes_fixture fixture;
    const request_parts request{.body =
                                    R"({"name":"ci","scopes":["users:read","orders:read"],"expires":"2026-12-01T00:00:00Z"})",
                                .credential = fixture.root};
    const auto created = fixture.send(verb::post, "/tokens", request);
    CHECK(created.status == status::created);
    const auto json = boost::json::parse(created.body);
    CHECK(json.at("created_by") == "token:root");
    const std::string secret{json.at("token").as_string()};
    CHECK(fixture.authenticate_bearer(secret)->name() == "token:ci");
    CHECK(fixture.send(verb::post, "/tokens", request).status == status::conflict);

    const auto listed = fixture.send(verb::get, "/tokens", {.credential = fixture.root});
    CHECK(boost::json::parse(listed.body).as_array().size() == 2);
    CHECK(listed.body.find(secret) == std::string::npos);

    const auto revoke = [&] { return fixture.send(verb::delete_, "/tokens/ci", {.credential = fixture.root}).status; };
    CHECK(revoke() == status::no_content);
    CHECK_FALSE(fixture.authenticate_bearer(secret));
    CHECK(revoke() == status::not_found);
}

TEST_CASE("an invalid request for a token is refused with all of its errors") {
    routes_fixture fixture;
    const auto refused =
        fixture.send(verb::post, "/tokens", {.body = R"({"name":"a/b","scopes":["x"]})", .credential = fixture.root});
    CHECK(refused.status == status::unprocessable_entity);
    CHECK(boost::json::parse(refused.body).at("errors").as_array().size() == 2);
    CHECK(fixture.send(verb::post, "/tokens", {.body = R"({"name":"a","scopes":["admin"],"x":1})", .credential = fixture.root})
              .status == status::unprocessable_entity);
    CHECK(fixture.send(verb::post, "/tokens", {.body = "{}", .credential = fixture.root}).status ==
          status::unprocessable_entity);
}

TEST_CASE("only administrators may use the routes of tokens") {
    routes_fixture fixture;
    const auto other = fixture.create("other", {"users:read", "users:write"});
    support::eventually([&] { return fixture.authenticate_bearer(other) != nullptr; });
    for (const auto& [method, path] :
         {std::pair{verb::get, "/tokens"}, {verb::post, "/tokens"}, {verb::delete_, "/tokens/root"}}) {
        CHECK(fixture.send(method, path).status == status::unauthorized);
        CHECK(fixture.send(method, path, {.credential = other}).status == status::forbidden);
    }
    CHECK(fixture.list().size() == 2);
}

TEST_CASE("the session page needs no scripts, shows the session and can create a token") {
    routes_fixture fixture;
    const auto cookie = fixture.sign_in(fixture.root);
    const auto page = fixture.send(verb::get, "/session", {.accept = browser, .cookie = cookie});
    CHECK(page.content_type == "text/html; charset=utf-8");
    const auto policy = fixture.header(page, "Content-Security-Policy");
    CHECK(policy.starts_with("default-src 'none'; style-src 'sha256-"));
    CHECK(policy.find("unsafe") == std::string::npos);
    CHECK(page.body.find("<script") == std::string::npos);
    CHECK(page.body.find("action=\"/tokens\"") != std::string::npos);

    const auto created = fixture.send(
        verb::post, "/tokens",
        {.body = "name=%3Cb%3E&scopes=users%3Aread+orders%3Aread&expires=", .type = form, .accept = browser, .cookie = cookie});
    CHECK(created.status == status::created);
    CHECK(created.body.find("&lt;b&gt;") != std::string::npos);
    CHECK(created.body.find("<b>") == std::string::npos);
    CHECK(fixture.header(created, "Cache-Control") == "no-store");
    const auto rows = fixture.list();
    CHECK(rows.front().scopes == std::vector<std::string>{"orders:read", "users:read"});

    const auto refused = fixture.send(verb::post, "/tokens",
                                      {.body = "name=x&scopes=nonsense", .type = form, .accept = browser, .cookie = cookie});
    CHECK(refused.status == status::unprocessable_entity);
    CHECK(refused.body.find("No token was created") != std::string::npos);
    const auto signed_out = fixture.send(verb::get, "/session", {.accept = browser});
    CHECK(signed_out.status == status::unauthorized);
    CHECK(signed_out.body.find("name=\"token\"") != std::string::npos);
}

TEST_CASE("the session page of a person without the scope admin has no form for tokens") {
    routes_fixture fixture;
    const auto cookie = fixture.sign_in(run(fixture.authority->create_token({"reader", {"users:read"}}, "x")).value().secret);
    const auto page = fixture.send(verb::get, "/session", {.accept = browser, .cookie = cookie});
    CHECK(page.status == status::ok);
    CHECK(page.body.find("action=\"/tokens\"") == std::string::npos);
}

TEST_CASE("the first administrator's link begins a session only once") {
    routes_fixture fixture;
    fixture.revoke("root");
    fixture.credentials.reset();
    fixture.router = {};
    fixture.start();
    fixture.credentials.emplace(*fixture.authority);
    fixture.credentials->add_routes(fixture.router);
    fixture.router.set_authorization(make_authorization(*fixture.authority));
    const auto code = "code=" + fixture.authority->first_code().value();
    const auto open = [&](verb method, const std::string& query) {
        return fixture.send(method, "/session/first", {.accept = browser}, query);
    };
    CHECK(open(verb::head, code).status == status::no_content); // the request of a program that checks links
    CHECK(open(verb::get, "code=" + make_secret()).status == status::unauthorized);
    CHECK(open(verb::get, "").status == status::bad_request);
    const auto response = open(verb::get, code);
    CHECK(response.status == status::ok);
    CHECK(response.body.find("session:first-administrator") != std::string::npos);
    const auto set = fixture.header(response, "Set-Cookie");
    const auto cookie = set.substr(0, set.find(';'));
    CHECK(open(verb::get, code).status == status::unauthorized);
    const auto again = fixture.send(verb::get, "/session/first", {.accept = browser, .cookie = cookie}, code);
    CHECK(again.status == status::see_other);
    CHECK(fixture.send(verb::post, "/tokens", {.body = R"({"name":"ci","scopes":["admin"]})", .cookie = cookie}).status ==
          status::created);
}

TEST_CASE("without authentication there are no sessions, and tokens can be created only at the command line") {
    routes_fixture fixture{{.mode = mode::none}};
    CHECK(fixture.send(verb::post, "/session", {.body = R"({"token":")" + fixture.root + "\"}"}).status == status::conflict);
    CHECK(boost::json::parse(fixture.send(verb::get, "/session").body).at("name") == "anonymous");
    const auto refused = fixture.send(verb::post, "/tokens", {.body = R"({"name":"ci","scopes":["admin"]})"});
    CHECK(refused.status == status::conflict);
    CHECK(fixture.list().size() == 1);
    CHECK(fixture.send(verb::delete_, "/tokens/root").status == status::no_content);
    CHECK(fixture.list()[0].revoked_by == "anonymous");
}

TEST_CASE("an administrator can list all sessions and end any of them") {
    routes_fixture fixture;
    const auto reader = run(fixture.authority->create_token({"reader", {"users:read"}}, "x")).value().secret;
    const auto own = fixture.sign_in(fixture.root);
    const auto other = fixture.sign_in(reader);
    const auto list = [&] {
        const auto shown = fixture.send(verb::get, "/sessions", {.cookie = own});
        REQUIRE(shown.status == status::ok);
        CHECK(fixture.header(shown, "Cache-Control") == "no-store");
        return boost::json::parse(shown.body).as_array();
    };
    const auto all = list();
    REQUIRE(all.size() == 2);
    CHECK(all[0].at("name") == "token:root");
    CHECK(boost::json::serialize(all[1]) ==
          R"({"id":2,"name":"token:reader","scopes":["users:read"],"created":"2026-11-22T12:00:00.000Z",)"
          R"("expires":"2026-11-23T00:00:00.000Z"})");

    CHECK(fixture.send(verb::get, "/sessions", {.cookie = other}).status == status::forbidden);
    CHECK(fixture.send(verb::delete_, "/sessions/1", {.cookie = other}).status == status::forbidden);
    CHECK(fixture.send(verb::delete_, "/sessions/2", {.cookie = own}).status == status::no_content);
    CHECK(fixture.send(verb::get, "/session", {.cookie = other}).status == status::unauthorized);
    CHECK(list().size() == 1);
    CHECK(fixture.count("SELECT count(*) FROM auth_session") == 1);
    CHECK(fixture.metric(R"(atrium_auth_session_changes_total{change="ended"})") == "1");
    for (const auto* missing : {"/sessions/2", "/sessions/0", "/sessions/x"})
        CHECK(fixture.send(verb::delete_, missing, {.cookie = own}).status == status::not_found);
    fixture.sign_in(reader);
    CHECK(list()[1].at("id") == 3); // an id is never used again
}

TEST_CASE("signing in with too many wrong tokens gets 429") {
    routes_fixture fixture{{.mode = mode::token, .refusals = 2}};
    const auto try_token = [&](const std::string& secret) {
        return fixture.send(verb::post, "/session", {.body = R"({"token":")" + secret + "\"}"});
    };
    CHECK(try_token(make_secret()).status == status::unauthorized);
    const auto refused = try_token(make_secret());
    CHECK(refused.status == status::too_many_requests);
    CHECK_FALSE(fixture.header(refused, "Retry-After").empty());
    CHECK(try_token(fixture.root).status == status::created);
}
