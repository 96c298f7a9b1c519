// Tests that the server identifies clients behind a proxy, for rate limits and for the access log.
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>

#include <boost/json.hpp>

#include <string>

namespace {

using namespace atrium::support;
using boost::json::value;

int create(running_server& server, const std::string& name, const std::string& client) {
    const value user{{"username", name}, {"email", name + "@example.com"}};
    return server.http().post("/users/", user, {{"X-Forwarded-For", client}, {"User-Agent", "test"}}).status;
}

} // namespace

TEST_CASE("behind a trusted proxy each client has its own rate limit") {
    running_server server{{R"(http.trusted_proxies=["127.0.0.1"])", "http.rate_limits.write=1", "http.rate_limits.window=1h"}};
    CHECK(create(server, "ann", "192.0.2.1") == 201);
    CHECK(create(server, "bob", "192.0.2.1") == 429);
    CHECK(create(server, "bob", "192.0.2.2") == 201);
    CHECK(create(server, "carl", "203.0.113.1, 192.0.2.2") == 429);
}

TEST_CASE("without a trusted proxy, the header X-Forwarded-For is ignored") {
    running_server server{{"http.rate_limits.write=1", "http.rate_limits.window=1h"}};
    CHECK(create(server, "ann", "192.0.2.1") == 201);
    CHECK(create(server, "bob", "192.0.2.2") == 429);
}

TEST_CASE("the access log has a line for each response, with the address of the client") {
    running_server server{{R"(http.trusted_proxies=["127.0.0.1"])", "http.access_log=json"}};
    CHECK(create(server, "ann", "192.0.2.1") == 201);
    const auto missing = server.http().get("/nothing", {{"X-Forwarded-For", "192.0.2.2"}});
    CHECK(missing.status == 404);
    const auto request_id = missing.header("X-Request-Id");
    eventually([&] { return server.process().out().find(request_id) != std::string::npos; });
    const auto lines = server.process().out();
    CHECK_THAT(lines, Catch::Matchers::ContainsSubstring(
                          R"("client":"192.0.2.1","principal":"-","method":"POST","target":"/users/","route":"/users/")"));
    CHECK_THAT(lines, Catch::Matchers::ContainsSubstring(
                          R"("client":"192.0.2.2","principal":"-","method":"GET","target":"/nothing","route":"")"));
}

TEST_CASE("the access log has a line for a request that cannot be read") {
    running_server server{{"http.access_log=json"}};
    raw_client client{server.port()};
    client.send("GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\nHEAD /users/%zz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    CHECK(client.read_answer().status == 200);
    const auto refused = client.read_answer(false);
    CHECK(refused.status == 400);
    const auto request_id = refused.header("x-request-id");
    eventually([&] { return server.process().out().find(request_id) != std::string::npos; });
    const auto lines = server.process().out();
    const auto end = lines.find(request_id);
    const auto begin = lines.rfind('\n', end);
    CHECK_THAT(
        lines.substr(begin, end - begin),
        Catch::Matchers::ContainsSubstring(
            R"("client":"127.0.0.1","principal":"-","method":"HEAD","target":"","route":"","protocol":"HTTP/1.1","status":400)"));
}
