// Tests the console as a browser and a program use it: its page, the data that the page shows, and their scopes.
#include "answers.hpp"

#include <support/order_load.hpp>
#include <support/running_server.hpp>
#include <support/tokens.hpp>

#include <chrono>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace atrium::support;
using boost::json::value;

const headers browser{{"Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}};

headers with_token(const std::string& token) {
    return {{"Authorization", "Bearer " + token}};
}

bool is_page(const reply& answer) {
    return answer.status == 200 && answer.header("Content-Type") == "text/html; charset=utf-8" &&
           answer.body.find("/console/assets/main-") != std::string::npos;
}

/// The values of a member of each object in an array.
std::set<std::string> names_in(const value& array, std::string_view member = "name") {
    std::set<std::string> names;
    for (const auto& each : array.as_array())
        names.emplace(each.at(member).as_string());
    return names;
}

const value& find_named(const value& array, std::string_view name, std::string_view member = "name") {
    for (const auto& each : array.as_array())
        if (each.at(member).as_string() == name)
            return each;
    FAIL("there is no " << name);
    throw;
}

std::vector<value> list_requests(running_server& server, const std::string& query) {
    const auto answer = server.http().get("/console/data/requests?" + query);
    INFO("answer: " << answer.body);
    REQUIRE(answer.status == 200);
    const auto rows = answer.json().as_array();
    return {rows.begin(), rows.end()};
}

/// The exit status of `atrium check`.
int check(const std::filesystem::path& database) {
    process program{{atrium_program(), "check", "--set", "storage.path=" + database.string()}};
    return program.wait();
}

} // namespace

TEST_CASE("GET / returns the console to a browser, and the list of routes to a program") {
    running_server server;
    const auto page = server.http().get("/", browser);
    CHECK(is_page(page));
    CHECK(page.header("Vary").find("Accept") != std::string::npos);
    for (const auto& accept : std::vector<headers>{{}, {{"Accept", "*/*"}}, {{"Accept", "application/json"}}}) {
        const auto index = server.http().get("/", accept);
        CHECK(index.status == 200);
        CHECK(index.header("Content-Type") == "application/json");
        CHECK(index.header("Vary") == "Accept");
        CHECK(index.json().at("name") == "atrium");
    }
}

TEST_CASE("every address of the console below /console/ returns the same HTML page, whatever its depth") {
    running_server server;
    const auto root = server.http().get("/", browser);
    for (const auto* path : {"/console", "/console/", "/console/house", "/console/entities/users/17",
                             "/console/events/dead-letters", "/console/events/subscriptions/users.order_statistics",
                             "/console/a/b/c/d/e/f", "/console/events?state=dead", "/console/database", "/console/sign-in"}) {
        INFO(path);
        const auto page = server.http().get(path, browser);
        CHECK(is_page(page));
        CHECK(page.body == root.body);
    }
    CHECK(server.http().head("/console/house").status == 200);
    CHECK(server.http().post("/console/house", value{}).status == 405);
}

TEST_CASE("a missing file or missing data below /console/ returns 404, not the page of the console") {
    running_server server;
    for (const auto* path : {"/console/assets/nothing.js", "/console/assets/%2e%2e", "/console/assets/a/b", "/console/assets",
                             "/console/data/nothing", "/console/data", "/console/backups/a.db"}) {
        INFO(path);
        check_problem(server.http().get(path, browser), 404);
    }
}

TEST_CASE("the page of the console allows no inline script and no other host, and clients may cache its files forever") {
    running_server server;
    const auto page = server.http().get("/", browser);
    CHECK(page.header("Content-Security-Policy") ==
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
          "form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
    CHECK(page.header("Cache-Control") == "no-cache");
    CHECK(server.http().get("/", {browser[0], {"If-None-Match", page.header("ETag")}}).status == 304);
    CHECK(page.body.find("<style") == std::string::npos);
    CHECK(page.body.find("style=") == std::string::npos);
    CHECK(page.body.find("<script>") == std::string::npos);

    const auto begin = page.body.find("/console/assets/main-");
    const auto name = page.body.substr(begin, page.body.find('"', begin) - begin);
    const auto file = server.http().get(name, {{"Accept-Encoding", "gzip"}});
    CHECK(file.status == 200);
    CHECK(file.header("Content-Encoding") == "gzip");
    CHECK(file.header("Cache-Control") == "public, max-age=31536000, immutable");
    CHECK(server.http().get(name, {{"Accept-Encoding", "gzip"}, {"If-None-Match", file.header("ETag")}}).status == 304);
}

TEST_CASE("/console/data/house has the modules with their routes and events, and all other routes") {
    running_server server;
    const auto answer = server.http().get("/console/data/house");
    CHECK(answer.header("Cache-Control") == "no-store");
    const auto house = answer.json();
    CHECK(names_in(house.at("modules")) == std::set<std::string>{"orders", "users"});
    const auto& orders = find_named(house.at("modules"), "orders");
    CHECK(orders.at("calls") == value{"users"});
    CHECK(names_in(orders.at("routes"), "path").contains("/orders/{id}"));
    CHECK_FALSE(names_in(orders.at("routes"), "path").contains("/users/"));
    CHECK(orders.at("routes").at(0).at("access").as_string().starts_with("orders:"));
    CHECK(boost::json::serialize(orders.at("publishes")).find("orders.order_created") != std::string::npos);
    CHECK(find_named(house.at("modules"), "users").at("subscriptions") == value{"users.order_statistics"});
    CHECK(names_in(house.at("topics")).contains("users.user_created"));
    CHECK(find_named(house.at("subscriptions"), "users.order_statistics").at("module") == "users");
    CHECK(house.at("bus").at("adapter") == "in-process");
    CHECK(house.at("bus").at("broker").is_null());
    CHECK(house.at("remotes").as_array().empty());
    CHECK(names_in(house.at("other_routes"), "path").contains("/readyz"));
    CHECK(house.at("auth").at("mode") == "none");
    CHECK(house.at("principal").at("name") == "anonymous");
    CHECK(house.at("principal").at("expires").is_null());

    // Each route of the index occurs exactly once in the house.
    std::size_t count = house.at("other_routes").as_array().size();
    for (const auto& each : house.at("modules").as_array())
        count += each.at("routes").as_array().size();
    CHECK(count == server.http().get("/").json().at("routes").as_array().size());
}

TEST_CASE(
    "with authentication, the page of the console needs no credential, but its data needs one with the scope of the route") {
    running_server server{{"auth.mode=token"}};
    const auto reader = create_token(server.database(), "reader", {"metrics:read"});
    const auto admin = create_token(server.database(), "admin", {"admin"});
    eventually([&] { return server.http().get("/console/data/house", with_token(reader)).status == 200; });
    eventually([&] { return server.http().get("/console/data/house", with_token(admin)).status == 200; });
    CHECK(is_page(server.http().get("/", browser)));
    CHECK(is_page(server.http().get("/console/house", browser)));
    for (const auto* path : {"house", "history", "requests", "system"})
        check_problem(server.http().get("/console/data/" + std::string{path}, browser), 401);
    CHECK(server.http().get("/console/data/history", with_token(reader)).status == 200);
    check_problem(server.http().get("/console/data/requests", with_token(reader)), 403);
    check_problem(server.http().get("/console/data/system", with_token(reader)), 403);
    check_problem(server.http().post("/console/backups", value{}, with_token(reader)), 403);
    CHECK(server.http().get("/console/data/system", with_token(admin)).status == 200);
    const auto house = server.http().get("/console/data/house", with_token(reader)).json();
    CHECK(house.at("auth").at("mode") == "token");
    CHECK(house.at("principal").at("name") == "token:reader");
    CHECK(house.at("principal").at("scopes") == value{"metrics:read"});
}

TEST_CASE("the link for the first administrator leads a browser to the console, with a session that has the scope admin") {
    running_server server{{"auth.mode=token"}};
    std::string link;
    eventually([&] {
        const auto out = server.process().out();
        const auto begin = out.find("/session/first?code=");
        const auto end = begin == std::string::npos ? begin : out.find('\n', begin);
        if (end != std::string::npos)
            link = out.substr(begin, end - begin);
        return !link.empty();
    });
    const auto answer = server.http().get(link, browser);
    CHECK(answer.status == 303);
    CHECK(answer.header("Location") == "/");
    const auto cookie = answer.header("Set-Cookie");
    const headers session{{"Cookie", cookie.substr(0, cookie.find(';'))}};
    CHECK(server.http().get("/console/data/house", session).json().at("principal").at("scopes") == value{"admin"});
}

TEST_CASE("/console/data/history gets new rows, and shows the rates of the last interval") {
    running_server server;
    const auto empty = server.http().get("/console/data/history").json();
    CHECK(empty.at("interval") == 5);
    const auto& columns = empty.at("columns").as_array();
    const auto column = [&](std::string_view name) {
        return static_cast<std::size_t>(std::find(columns.begin(), columns.end(), value(name)) - columns.begin());
    };
    // Places orders until a row of the history shows them.
    server.create_user("ann");
    value shown;
    eventually([&] {
        server.place_order("ann", "tea");
        shown = server.http().get("/console/data/history").json();
        const auto& rows = shown.at("rows").as_array();
        return !rows.empty() && rows.back().at(column("published")).to_number<double>() > 0 &&
               rows.back().at(column("handled")).to_number<double>() > 0;
    });
    const auto row = shown.at("rows").as_array().back().as_array();
    CHECK(row.size() == columns.size());
    CHECK(row[column("requests")].to_number<double>() > 1);
    CHECK(row[column("server_errors")] == 0);
    CHECK(row[column("p50")].to_number<double>() > 0);
    CHECK(row[column("p99")].to_number<double>() >= row[column("p50")].to_number<double>());
    CHECK(row[column("commits")].to_number<double>() > 0);
    CHECK(row[column("batch")].to_number<double>() >= 1);
    CHECK(row[column("memory")].to_number<double>() > 1'000'000);
    CHECK(row[column("connections")].to_number<double>() >= 1);
    CHECK(row[column("dead_letters")] == 0);
    CHECK(shown.at("rates").at("routes").at("POST /orders/").to_number<double>() > 0);
    CHECK(shown.at("rates").at("topics").at("orders.order_created").to_number<double>() > 0);
    CHECK(shown.at("rates").at("subscriptions").at("users.order_statistics").to_number<double>() > 0);

    const auto after = "/console/data/history?after=" + std::to_string(row[0].as_int64());
    const auto newer = server.http().get(after).json();
    for (const auto& each : newer.at("rows").as_array())
        CHECK(each.at(0).as_int64() > row[0].as_int64());
    CHECK(faults_of(server.http().get("/console/data/history?after=now"), 400).starts_with("after: "));
}

TEST_CASE("/console/data/requests lists and filters the latest requests, without secrets") {
    running_server server;
    server.create_user("ann");
    const auto missing = server.http().get("/users/99");
    (void)server.http().get("/users/?limit=1&token=secret");
    CHECK(missing.status == 404);
    const auto all = list_requests(server, "");
    REQUIRE(all.size() >= 3);
    CHECK(all[0].at("target") == "/users/?limit=1&token=(hidden)");
    CHECK(all[0].at("route") == "/users/");
    CHECK(all[0].at("principal") == "anonymous");
    CHECK(all[0].at("address") == "127.0.0.1");
    CHECK(all[1].at("seq").as_int64() < all[0].at("seq").as_int64());
    const auto by_id = list_requests(server, "request_id=" + missing.header("X-Request-Id"));
    REQUIRE(by_id.size() == 1);
    CHECK(by_id[0].at("status") == 404);
    CHECK(by_id[0].at("route") == "/users/{id}");
    CHECK(by_id[0].at("response_bytes") == missing.body.size());
    CHECK(by_id[0].at("trace_id").as_string().size() == 32);
    CHECK(list_requests(server, "status=404").size() == 1);
    // The second one is GET /users/ above: it got 400, because the route has no parameter `token`.
    CHECK(list_requests(server, "status=4xx").size() == 2);
    CHECK(list_requests(server, "route=/users/%7Bid%7D&method=GET").size() == 1);
    CHECK(list_requests(server, "method=POST").size() == 1);
    CHECK(list_requests(server, "min_duration=30").empty());
    CHECK(faults_of(server.http().get("/console/data/requests?status=9xx"), 400).starts_with("status: "));
}

TEST_CASE("the list of the latest requests is read page by page, and has no more than ten thousand requests") {
    running_server server{{"http.threads=2"}};
    constexpr int count = 10'500;
    constexpr int pipelined = 50;
    client raw{server.port()};
    std::string burst;
    for (int i = 0; i < pipelined; ++i)
        burst += "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for (int sent = 0; sent < count; sent += pipelined) {
        raw.write(burst);
        for (int i = 0; i < pipelined; ++i)
            REQUIRE(raw.read().status == 200);
    }
    std::set<std::int64_t> seen;
    std::string target = "/console/data/requests?route=/livez&limit=1000";
    while (!target.empty()) {
        const auto page = server.http().get(target);
        REQUIRE(page.status == 200);
        const auto rows = page.json();
        for (const auto& each : rows.as_array())
            CHECK(seen.insert(each.at("seq").as_int64()).second);
        const auto link = page.header("Link");
        target = link.empty() ? "" : link.substr(1, link.find('>') - 1);
    }
    CHECK(seen.size() <= 10'000);
    CHECK(seen.size() > 9'900); // not 10,000, because the latest requests include those that read these pages
    CHECK(*seen.rbegin() >= count);
}

TEST_CASE("/console/data/system has the effective configuration, with the source of each value") {
    running_server server{{"modules.orders.users_token=sesame", "http.threads=2"}};
    const auto answer = server.http().get("/console/data/system");
    CHECK(answer.header("Cache-Control") == "no-store");
    CHECK(answer.body.find("sesame") == std::string::npos);
    const auto system = answer.json();
    const auto& configuration = system.at("configuration");
    const auto& threads = find_named(configuration, "http.threads", "key");
    CHECK(threads.at("value") == "2");
    CHECK(threads.at("source") == "command line");
    CHECK(find_named(configuration, "http.limits.body", "key").at("source") == "default");
    const auto& token = find_named(configuration, "modules.orders.users_token", "key");
    CHECK(token.at("value") == "(hidden)");
    CHECK(token.at("source") == "command line");
    CHECK(names_in(system.at("migrations"), "module").contains("users"));
    CHECK(system.at("storage").at("path").as_string() == server.database().string());
    CHECK(system.at("storage").at("bytes").as_int64() > 0);
    CHECK(system.at("storage").at("free_bytes").as_int64() > 0);
    CHECK(system.at("backups").as_array().empty());
    CHECK(system.at("backup_folder").as_string() == (server.database().parent_path() / "backups").string());
    CHECK(system.at("auth").at("mode") == "none");
    CHECK(system.at("tls") == false);
    CHECK(faults_of(server.http().get("/console/data/system?x=1"), 400).starts_with("x: "));
}

TEST_CASE("a backup that is made by the console under load is complete, and only one backup is made at a time") {
    running_server server;
    const auto folder = server.database().parent_path() / "backups";
    order_load load{server.port(), server.port(), 1};
    load.expect_orders(100);
    const auto made = server.http().post("/console/backups", value{});
    INFO("answer: " << made.body);
    REQUIRE(made.status == 201);
    const std::string name{made.json().at("name").as_string()};
    CHECK(made.json().at("bytes").to_number<std::uint64_t>() == std::filesystem::file_size(folder / name));
    CHECK(made.header("Location") == "/console/data/system");

    // Of several simultaneous requests, at least one makes a backup. Requests during this backup are refused.
    // A backup is named after the second in which it is made, and a second backup in the same second would be refused.
    std::this_thread::sleep_for(std::chrono::seconds{1});
    std::vector<int> statuses(8);
    {
        std::vector<std::jthread> clients;
        for (auto& status : statuses)
            clients.emplace_back([&status, port = server.port()] {
                client own_client{port};
                status = own_client.post("/console/backups", value{}).status;
            });
    }
    CHECK(std::ranges::count(statuses, 201) >= 1);
    CHECK(std::ranges::count(statuses, 201) + std::ranges::count(statuses, 409) == 8);
    load.expect_orders(100);
    (void)load.end();
    CHECK(check(folder / name) == 0);
    const auto system = server.http().get("/console/data/system").json();
    CHECK(names_in(system.at("backups")).contains(name));
    server.stop();
    CHECK(check(server.database()) == 0);
}

TEST_CASE("backups that the console makes are written to the folder in storage.backups") {
    const temporary_directory folder;
    const auto target = folder / "deep/er";
    running_server server{{"storage.backups=" + target.string()}};
    const auto made = server.http().post("/console/backups", value{});
    REQUIRE(made.status == 201);
    CHECK(std::filesystem::exists(target / std::string{made.json().at("name").as_string()}));
}

TEST_CASE("the log shows the address of the console after the address on which the server listens") {
    running_server server;
    const auto url = "http://127.0.0.1:" + std::to_string(server.port());
    server.expect_log("the console for browsers is at " + url + "/");
    const auto log = server.log();
    CHECK(log.find("listening on " + url) < log.find("the console for browsers"));
}
