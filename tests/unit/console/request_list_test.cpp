#include "request_list.hpp"

#include <access/principal.hpp>
#include <support/catch.hpp>

#include <boost/json.hpp>

#include <memory>
#include <string>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

/// Three requests, oldest first.
struct recorded_fixture {
    http::recent_requests requests;

    recorded_fixture() {
        record("/users/?limit=1", "/users/", http::status::ok, 1ms);
        record("/users/9", "/users/{id}", http::status::not_found, 250ms);
        record("/nothing", {}, http::status::internal_server_error, 2s);
    }

    void record(std::string_view target, std::string_view route, http::status s, std::chrono::steady_clock::duration duration) {
        http::request q{.method = http::verb::get, .target = target, .request_id = "id" + std::string{target}};
        q.traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01";
        if (!route.empty())
            q.principal = std::make_shared<access::principal>("token:ci", std::vector<std::string>{});
        q.client_address = boost::asio::ip::make_address("::1");
        requests.record({.q = q,
                         .route = route,
                         .status = s,
                         .body_bytes = 5,
                         .began = std::chrono::system_clock::time_point{971'186'136'000ms},
                         .duration = duration});
    }

    /// The `seq` of each request that matches the query, in the order in which they are listed.
    std::string find(std::string_view query) {
        const auto filter = read_request_filter({.query = query});
        REQUIRE(filter);
        std::string found;
        const auto rows = boost::json::parse(list_recent(requests, *filter).json);
        for (const auto& each : rows.as_array())
            found += std::to_string(each.at("seq").as_int64());
        return found;
    }
};

std::string error_of(std::string_view query) {
    const auto filter = read_request_filter({.query = query});
    REQUIRE_FALSE(filter);
    REQUIRE(filter.error().faults.size() == 1);
    CHECK(filter.error().code == errc::malformed);
    return filter.error().faults[0].pointer + " " + filter.error().faults[0].detail;
}

} // namespace

TEST_CASE("each filter selects the requests that match, the newest first") {
    recorded_fixture f;
    CHECK(f.find("") == "321");
    CHECK(f.find("method=GET") == "321");
    CHECK(f.find("method=POST").empty());
    CHECK(f.find("route=/users/%7Bid%7D") == "2");
    CHECK(f.find("status=404") == "2");
    CHECK(f.find("status=4xx") == "2");
    CHECK(f.find("status=5xx") == "3");
    CHECK(f.find("status=2xx") == "1");
    CHECK(f.find("request_id=id/nothing") == "3");
    CHECK(f.find("principal=token:ci") == "21");
    CHECK(f.find("min_duration=0.25") == "32");
    CHECK(f.find("min_duration=0") == "321");
    CHECK(f.find("min_duration=0.1&status=4xx&method=GET") == "2");
}

TEST_CASE("requests that the console itself has sent can be left out") {
    recorded_fixture f;
    f.record("/console/now", "/console/{page...}", http::status::ok, 1ms);
    f.record("/session", "/session", http::status::ok, 1ms);
    http::request q{.method = http::verb::get, .target = "/readyz"};
    q.headers.add({"Atrium-Client", "console"});
    f.requests.record({.q = q, .route = "/readyz", .status = http::status::ok, .body_bytes = 5, .began = {}, .duration = {}});
    CHECK(f.find("") == "654321");
    CHECK(f.find("console=true") == "654321");
    CHECK(f.find("console=false") == "321");
    CHECK(error_of("console=no").starts_with("console "));
}

TEST_CASE("a page of the list has the cursor of the next page if more requests match") {
    recorded_fixture f;
    const auto first = list_recent(f.requests, *read_request_filter({.query = "limit=2"}));
    CHECK(first.next == 2);
    CHECK(f.find("limit=2&after=2") == "1");
    CHECK_FALSE(list_recent(f.requests, *read_request_filter({.query = "limit=2&after=2"})).next);
    CHECK_FALSE(list_recent(f.requests, *read_request_filter({.query = "limit=3"})).next);
    CHECK_FALSE(list_recent(f.requests, *read_request_filter({.query = "limit=1&status=404"})).next);
}

TEST_CASE("an invalid filter is refused with an error that names the filter and its rule") {
    for (const auto* status : {"4", "4x", "6xx", "0xx", "xxx", "40x", "4040", "-40", "abc"})
        CHECK(error_of("status=" + std::string{status}) == "status must be a status such as 404, or a class such as 4xx");
    CHECK(error_of("method=FETCH") == "method must be a method such as GET");
    for (const auto* duration : {"-1", "fast", "1s", "nan"})
        CHECK(error_of("min_duration=" + std::string{duration}) == "min_duration must be a number of seconds, such as 0.25");
    CHECK(error_of("limit=0").starts_with("limit "));
    CHECK(error_of("limit=1001").starts_with("limit "));
    CHECK(error_of("after=x").starts_with("after "));
    CHECK(error_of("color=red").starts_with("color "));
}

TEST_CASE("a request is shown with all known facts about it") {
    recorded_fixture f;
    CHECK(list_recent(f.requests, *read_request_filter({.query = "status=404"})).json ==
          R"([{"seq":2,"at":"2000-10-10T13:55:36.000Z","method":"GET","target":"/users/9","route":"/users/{id}","status":404,)"
          R"("duration":0.25,"response_bytes":5,"request_id":"id/users/9","trace_id":"0123456789abcdef0123456789abcdef",)"
          R"("principal":"token:ci","address":"::1"}])");
}

TEST_CASE("unknown facts about a request are null") {
    http::recent_requests requests;
    const http::request q{.method = http::verb::unknown, .request_id = "id"};
    requests.record({.q = q, .route = {}, .status = http::status::bad_request, .body_bytes = 0, .began = {}, .duration = {}});
    const auto shown = boost::json::parse(list_recent(requests, {}).json).at(0).as_object();
    for (const auto* name : {"method", "target", "route", "trace_id", "principal"})
        CHECK(shown.at(name).is_null());
}

} // namespace atrium::console
