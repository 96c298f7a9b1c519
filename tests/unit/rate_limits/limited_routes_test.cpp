#include <access/principal.hpp>
#include <http/client_account.hpp>
#include <rate_limits/limited_routes.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <memory>
#include <string>

namespace atrium::rate_limits {
namespace {

/// A router with a vital route, and with one route of each group of routes. Each group has its own limit. The arguments of
/// `send` set the address and the principal of the client.
struct limited_router {
    explicit limited_router(const settings& s) {
        const auto succeed = [this](const http::request&) -> awaitable<http::response> {
            ++calls;
            co_return http::json("1");
        };
        routes.get("/users/", "", succeed).scope("users:read");
        routes.post("/users/", "", succeed).scope("users:write");
        routes.post("/graphql/", "", succeed).any_principal();
        routes.get("/events/", "", succeed).scope("events:read");
        routes.get_vital("/livez", "", succeed).open();
        limit_requests(routes, s, "/graphql/", metrics);
    }

    http::response send(http::verb method, const std::string& path, std::uint64_t address = 1,
                        std::shared_ptr<const access::principal> principal = nullptr) {
        http::request q{.method = method, .path = path};
        q.client = std::make_shared<http::client_account>(http::client_account{.address = http::address_group{address}});
        q.principal = std::move(principal);
        const auto match = routes.find(q);
        REQUIRE(match.found);
        return support::run(match.found->handler(q));
    }

    metrics::registry metrics;
    http::router routes;
    int calls = 0;
};

std::string header(const http::response& r, std::string_view name) {
    for (const auto& [key, value] : r.headers)
        if (key == name)
            return value;
    return {};
}

using http::status;
using http::verb;

} // namespace

TEST_CASE("without limits, no header is added to a response") {
    limited_router l{{}};
    CHECK(l.send(verb::get, "/users").headers.empty());
}

TEST_CASE("a client over the limit of a group of routes gets 429, and the handler is not called") {
    limited_router l{{.write = 2}};
    for (int i = 0; i < 2; ++i)
        CHECK(l.send(verb::post, "/users").status == status::ok);
    const auto refused = l.send(verb::post, "/users");
    CHECK(refused.status == status::too_many_requests);
    CHECK(std::stoi(header(refused, "Retry-After")) > 0);
    CHECK(l.calls == 2);
    CHECK(l.send(verb::get, "/users").status == status::ok);
    CHECK_THAT(l.metrics.render(), Catch::Matchers::ContainsSubstring(R"(atrium_http_rate_limited_total{group="write"} 1)"));
}

TEST_CASE("responses announce the limit and the number of requests that are left") {
    limited_router l{{.window = std::chrono::seconds{30}, .read = 5}};
    const auto first = l.send(verb::get, "/users");
    CHECK(header(first, "RateLimit-Policy") == R"("read";q=5;w=30)");
    CHECK_THAT(header(first, "RateLimit"), Catch::Matchers::StartsWith(R"("read";r=4;t=)"));
    CHECK_THAT(header(l.send(verb::get, "/users"), "RateLimit"), Catch::Matchers::StartsWith(R"("read";r=3;t=)"));
}

TEST_CASE("each group of routes has its own limit, and vital routes have none") {
    limited_router l{{.read = 1, .write = 1, .graphql = 1, .operate = 1}};
    for (const auto expected : {status::ok, status::too_many_requests}) {
        CHECK(l.send(verb::get, "/users").status == expected);
        CHECK(l.send(verb::post, "/users").status == expected);
        CHECK(l.send(verb::post, "/graphql").status == expected);
        CHECK(l.send(verb::get, "/events").status == expected);
        CHECK(l.send(verb::get, "/livez").status == status::ok);
    }
}

TEST_CASE("each principal is one client, and so is each address of anonymous requests") {
    limited_router l{{.read = 1}};
    const auto ann = std::make_shared<const access::principal>("token:ann", std::vector<std::string>{});
    CHECK(l.send(verb::get, "/users", 1, ann).status == status::ok);
    CHECK(l.send(verb::get, "/users", 2, ann).status == status::too_many_requests);
    CHECK(l.send(verb::get, "/users", 1).status == status::ok);
    CHECK(l.send(verb::get, "/users", 1, access::principal::anonymous()).status == status::too_many_requests);
    CHECK(l.send(verb::get, "/users", 2).status == status::ok);
}

} // namespace atrium::rate_limits
