#include "keys_fixture.hpp"

#include <http/resource.hpp>
#include <http/server_sent_events.hpp>
#include <idempotency/keyed_routes.hpp>

#include <vector>

using namespace atrium;
using namespace atrium::idempotency;
using http::status;
using http::verb;

namespace {

/// Routes whose handlers count their calls.
struct routes_fixture : keys_fixture {
    routes_fixture() {
        router.get("/things/{id}", "", counting_handler([] { return http::json("{}"); }));
        router.post("/things/", "", counting_handler([this] { return answer; }));
        router.patch("/things/{id}", "", counting_handler([this] { return answer; }));
        router.remove("/things/{id}", "", counting_handler([] { return http::no_content(); }));
        router.post("/free/", "", counting_handler([] { return http::json("{}"); }));
        router.post("/exact/", "", [this](const http::request& q) { return store_with_effect(q); });
        accept_keys(router, *keys, "/free/");
    }

    template <class F>
    http::handler counting_handler(F respond) {
        return [this, respond](const http::request& q) -> awaitable<http::response> {
            ++calls;
            has_claim = q.claim != nullptr;
            co_return respond();
        };
    }

    /// Stores the response in the transaction of the effect, if the request has a key.
    awaitable<http::response> store_with_effect(const http::request& q) {
        ++calls;
        const auto answer_of = [](std::int64_t id) { return http::json("{\"id\":" + std::to_string(id) + "}"); };
        const auto id = co_await probe.write([&](storage::transaction& t) -> result<std::int64_t> {
            t.execute("INSERT INTO probe_effect (name) VALUES ('x')");
            const auto added = t.last_insert_id();
            if (q.claim)
                store_response(*q.claim, t, answer_of(added));
            return added;
        });
        co_return id ? answer_of(*id) : http::problem(id.error());
    }

    static http::request request(verb method, std::string path, std::string_view body, const std::vector<http::field>& headers,
                                 std::string_view query = {}) {
        http::request q{.method = method, .path = std::move(path), .query = query, .body = body};
        for (const auto& each : headers)
            q.headers.add(each);
        return q;
    }

    http::response send(http::request q) {
        const auto match = router.find(q);
        REQUIRE(match.found);
        return run(match.found->handler(q));
    }
    http::response post(std::string_view body, std::string_view key, std::string path = "/things") {
        return send(request(verb::post, std::move(path), body, {{"Idempotency-Key", key}}));
    }

    http::router router;
    http::response answer = http::created_response("{\"id\":1}", "\"1\"", "/things/1");
    int calls = 0;
    bool has_claim = false;
};

std::string header(const http::response& r, std::string_view name) {
    for (const auto& [known, value] : r.headers)
        if (known == name)
            return value;
    return {};
}

} // namespace

TEST_CASE("a repeated request gets the first response again, and its handler is not called again") {
    routes_fixture fixture;
    const auto first = fixture.post("{}", "a");
    CHECK(fixture.has_claim);
    CHECK(header(first, "Idempotency-Replayed").empty());
    for (const auto* key : {"a", R"("a")"}) {
        const auto again = fixture.post("{}", key);
        CHECK(again.status == status::created);
        CHECK(again.body == first.body);
        CHECK(header(again, "ETag") == "\"1\"");
        CHECK(header(again, "Location") == "/things/1");
        CHECK(header(again, "Content-Type") == "application/json");
        CHECK(header(again, "Idempotency-Replayed") == "true");
    }
    CHECK(fixture.calls == 1);
}

TEST_CASE("a request without a key goes to its handler each time, and nothing is stored") {
    routes_fixture fixture;
    for (int i = 0; i < 3; ++i)
        CHECK(fixture.send(routes_fixture::request(verb::post, "/things", "{}", {})).status == status::created);
    CHECK(fixture.calls == 3);
    CHECK_FALSE(fixture.has_claim);
    CHECK(fixture.count_keys() == 0);
}

TEST_CASE("PATCH and DELETE requests can have keys, and a repeated DELETE also gets the response without a body") {
    routes_fixture fixture;
    for (int i = 0; i < 2; ++i) {
        CHECK(fixture.send(routes_fixture::request(verb::delete_, "/things/1", {}, {{"Idempotency-Key", "d"}})).status ==
              status::no_content);
        CHECK(fixture.send(routes_fixture::request(verb::patch, "/things/1", "{}", {{"Idempotency-Key", "p"}})).status ==
              status::created);
    }
    CHECK(fixture.calls == 2);
}

TEST_CASE("the key is ignored, even if it is invalid, in GET requests and in requests to the path that accept_keys excepts") {
    routes_fixture fixture;
    for (int i = 0; i < 2; ++i) {
        fixture.send(routes_fixture::request(verb::get, "/things/1", {}, {{"Idempotency-Key", "a b"}}));
        fixture.post("{}", "a b", "/free");
    }
    CHECK(fixture.calls == 4);
    CHECK_FALSE(fixture.has_claim);
}

TEST_CASE("a key that was used with another method, path, query or body is refused with 422") {
    routes_fixture fixture;
    const std::vector<http::field> key{{"Idempotency-Key", "a"}};
    fixture.send(routes_fixture::request(verb::patch, "/things/1", "{}", key));
    for (auto other : {routes_fixture::request(verb::post, "/things", "{}", key),
                       routes_fixture::request(verb::patch, "/things/2", "{}", key),
                       routes_fixture::request(verb::patch, "/things/1", "{ }", key),
                       routes_fixture::request(verb::patch, "/things/1", "{}", key, "x=1"),
                       routes_fixture::request(verb::delete_, "/things/1", {}, key)}) {
        const auto refused = fixture.send(other);
        CHECK(refused.status == status::unprocessable_entity);
        CHECK(refused.content_type == http::problem_type);
    }
    CHECK(fixture.calls == 1);
}

TEST_CASE("an invalid key, or two headers with a key, are refused with 400") {
    routes_fixture fixture;
    for (const auto* key : {"", "a b", "\"a", "caf\xc3\xa9"})
        CHECK(fixture.post("{}", key).status == status::bad_request);
    CHECK(
        fixture.send(routes_fixture::request(verb::post, "/things", "{}", {{"Idempotency-Key", "a"}, {"Idempotency-Key", "a"}}))
            .status == status::bad_request);
    CHECK(fixture.calls == 0);
}

TEST_CASE("while a request runs, a further request with its key gets 409 with Retry-After") {
    routes_fixture fixture;
    const auto running = fixture.claim_key("a").value();
    const auto refused = fixture.post("{}", "a");
    CHECK(refused.status == status::conflict);
    CHECK(header(refused, "Retry-After") == "1");
    CHECK(fixture.calls == 0);
}

TEST_CASE("an error response is not stored, so a repetition of the request runs again") {
    routes_fixture fixture;
    const auto created = fixture.answer;
    for (const auto refusal : {status::bad_request, status::conflict, status::unprocessable_entity,
                               status::internal_server_error, status::service_unavailable}) {
        fixture.answer = http::problem(refusal, "not now");
        CHECK(fixture.post("{}", "a").status == refusal);
    }
    CHECK(fixture.count_keys() == 0);
    fixture.answer = created;
    CHECK(fixture.post("{}", "a").status == status::created);
    fixture.answer = http::problem(status::conflict, "too late");
    CHECK(fixture.post("{}", "a").status == status::created);
}

TEST_CASE("an event stream is not stored as a response, so a repetition of the request runs again") {
    routes_fixture fixture;
    fixture.answer = http::server_sent_events([](http::event_stream&) -> awaitable<> { co_return; });
    for (int i = 0; i < 2; ++i)
        CHECK(fixture.post("{}", "a").status == status::ok);
    CHECK(fixture.calls == 2);
    CHECK(fixture.count_keys() == 0);
}

TEST_CASE("if a handler stores its response together with its effect, repeated requests have the effect only once") {
    routes_fixture fixture;
    for (int i = 0; i < 3; ++i)
        CHECK(fixture.post("{}", "a", "/exact").body == R"({"id":1})");
    CHECK(fixture.post("{}", "b", "/exact").body == R"({"id":2})");
    CHECK(fixture.calls == 2);
    CHECK(fixture.count_effects() == 2);
    CHECK(fixture.count_keys() == 2);
}
