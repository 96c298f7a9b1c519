#include <app/server.hpp>
#include <app/settings.hpp>
#include <http/server.hpp>
#include <storage/sqlite/database.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/eventually.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <thread>

// Tests how the whole server starts, stops and starts again inside the test process. Tests that need a separate process
// (signals, exit statuses) are in program_test.cpp.

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using support::client;
using support::eventually;

/// Settings with a free port, a database in `folder` and two threads.
app::settings settings_in(const support::temporary_directory& folder) {
    app::settings s;
    s.http.port = 0;
    s.http.threads = 2;
    s.storage.path = folder / "atrium.db";
    return s;
}

/// A started server with a way to send requests to it.
struct server_fixture {
    explicit server_fixture(const app::settings& s, logger log = {}) : server{s, log} { server.start(); }

    boost::json::value get(std::string_view target) { return client{server.port()}.get(target).json(); }
    std::int64_t pending() { return get("/readyz").at("bus").at("pending").as_int64(); }

    app::server server;
};

void create_user(server_fixture& instance, std::string_view name) {
    const auto email = std::string{name} + "@example.com";
    REQUIRE(client{instance.server.port()}.post("/users/", {{"username", name}, {"email", email}}).status == 201);
}

void place_order(server_fixture& instance, std::string_view user) {
    REQUIRE(client{instance.server.port()}.post("/orders/", {{"username", user}, {"product_name", "tea"}}).status == 201);
}

} // namespace

TEST_CASE("a server starts and stops, and the next one in the same process finds all data") {
    support::temporary_directory folder;
    for (int round = 0; round < 3; ++round) {
        server_fixture server{settings_in(folder)};
        create_user(server, "user" + std::to_string(round));
        CHECK(server.get("/users/").as_array().size() == static_cast<std::size_t>(round) + 1);
        server.server.stop();
    }
}

TEST_CASE("a server that is stopped twice, or destroyed without a stop, releases its database file") {
    support::temporary_directory folder;
    {
        server_fixture server{settings_in(folder)};
        server.server.stop();
        server.server.stop();
    }
    {
        server_fixture server{settings_in(folder)};
    }
    {
        const app::server never_started{settings_in(folder), {}};
    }
    server_fixture server{settings_in(folder)};
    CHECK(server.get("/livez").at("alive").as_bool());
}

TEST_CASE("two servers with separate files and ports are independent") {
    support::temporary_directory first_folder;
    support::temporary_directory second_folder;
    server_fixture one{settings_in(first_folder)};
    server_fixture other{settings_in(second_folder)};
    create_user(one, "ann");
    CHECK(one.get("/users/").as_array().size() == 1);
    CHECK(other.get("/users/").as_array().empty());
}

TEST_CASE("a second server on the same database file is refused") {
    support::temporary_directory folder;
    server_fixture first{settings_in(folder)};
    CHECK_THROWS_AS((app::server{settings_in(folder), {}}), storage::sqlite::open_error);
    CHECK(first.get("/livez").at("alive").as_bool());
}

TEST_CASE("a server whose port is in use does not start, and leaves nothing behind") {
    support::temporary_directory folder;
    support::temporary_directory second_folder;
    server_fixture first{settings_in(folder)};

    auto same_port = settings_in(second_folder);
    same_port.http.port = first.server.port();
    {
        app::server second{same_port, {}};
        CHECK_THROWS_AS(second.start(), http::listen_error);
    }
    CHECK(first.get("/livez").at("alive").as_bool());
    first.server.stop();
    server_fixture second{same_port};
    CHECK(second.get("/livez").at("alive").as_bool());
}

TEST_CASE("the log contains the address and port of the server even at the log levels error and off") {
    for (const auto level : {log_level::info, log_level::error, log_level::off}) {
        support::temporary_directory folder;
        support::captured_stderr captured_log;
        server_fixture server{settings_in(folder), logger{{.level = level}, "app"}};
        const auto line = " info app: listening on http://127.0.0.1:" + std::to_string(server.server.port()) + "\n";
        eventually([&] { return captured_log.text().find(line) != std::string::npos; });
    }
}

TEST_CASE("an IPv6 address is logged in brackets") {
    support::temporary_directory folder;
    support::captured_stderr captured_log;
    auto s = settings_in(folder);
    s.http.address = "::1";
    std::optional<server_fixture> server;
    try {
        server.emplace(s, logger{log_settings{}, "app"});
    } catch (const http::listen_error&) { // this machine has no IPv6
        return;
    }
    const auto line = "listening on http://[::1]:" + std::to_string(server->server.port()) + "\n";
    eventually([&] { return captured_log.text().find(line) != std::string::npos; });
}

TEST_CASE("the index, the health checks and the metrics have status 200 and are not cached") {
    support::temporary_directory folder;
    server_fixture server{settings_in(folder)};
    client http{server.server.port()};

    for (const auto* path : {"/", "/livez", "/readyz", "/metrics"}) {
        const auto answer = http.get(path);
        CHECK(answer.status == 200);
        CHECK(answer.header("Cache-Control") == "no-store");
    }

    const auto ready = http.get("/readyz").json();
    CHECK(ready.at("ready").as_bool());
    CHECK(ready.at("storage").at("ready").as_bool());
    CHECK(ready.at("bus").at("ready").as_bool());
    CHECK(ready.at("bus").at("adapter").as_string() == "in-process");
    CHECK_FALSE(ready.at("shutting_down").as_bool());

    const auto metrics = http.get("/metrics");
    CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(metrics.body.find("atrium_build_info{") != std::string::npos);
    CHECK(metrics.body.find("atrium_events_pending{") != std::string::npos);

    const auto index = http.get("/").json();
    CHECK(index.at("name").as_string() == "atrium");
    const auto& routes = index.at("routes").as_array();
    CHECK(std::any_of(routes.begin(), routes.end(), [](const auto& route) {
        return route.at("method").as_string() == "POST" && route.at("path").as_string() == "/users/";
    }));
}

TEST_CASE("a request to /readyz that began before the stop is answered with 503") {
    support::temporary_directory folder;
    auto one_worker = settings_in(folder);
    one_worker.http.threads = 1; // the response to a later request shows that this worker has read the earlier ones
    server_fixture server{one_worker};
    client early{server.server.port()};
    client other{server.server.port()};
    REQUIRE(early.get("/livez").status == 200);
    REQUIRE(other.get("/livez").status == 200);

    early.write("GET /readyz HTTP/1.1\r\nHost: localhost\r\n");
    REQUIRE(server.get("/livez").at("alive").as_bool());
    std::thread stopping{[&] { server.server.stop(); }};
    CHECK(other.is_closed()); // it is idle, so it is closed when the stop begins
    early.write("\r\n");
    const auto answer = early.read();
    stopping.join();

    CHECK(answer.status == 503);
    CHECK(answer.header("Connection") == "close");
    CHECK(answer.json().at("shutting_down").as_bool());
}

TEST_CASE("health checks report that a shutdown has begun, and requests are answered until the server stops") {
    support::temporary_directory folder;
    server_fixture server{settings_in(folder)};
    client persistent_client{server.server.port()};
    REQUIRE(persistent_client.get("/readyz").status == 200);

    server.server.begin_shutdown();
    const auto last = persistent_client.get("/readyz");
    CHECK(last.status == 503);
    CHECK(last.header("Connection") == "close");
    for (int i = 0; i < 3; ++i) {
        client health_check{server.server.port()};
        const auto answer = health_check.get("/readyz");
        CHECK(answer.status == 503);
        CHECK(answer.json().at("shutting_down").as_bool());
    }
    create_user(server, "ann");
    CHECK(client{server.server.port()}.get("/livez").header("Connection") == "close");
    server.server.stop();
}

TEST_CASE("a disabled module has no routes, and events for it wait until it is enabled again") {
    support::temporary_directory folder;
    auto only_users = settings_in(folder);
    only_users.modules = {"users"};
    {
        server_fixture server{settings_in(folder)};
        create_user(server, "ann");
        place_order(server, "ann");
        eventually([&] { return server.pending() == 0; });
    }
    {
        server_fixture server{only_users};
        CHECK(client{server.server.port()}.get("/orders/").status == 404);
        REQUIRE(client{server.server.port()}.remove("/users/1").status == 204);
        CHECK(server.pending() > 0);
    }
    server_fixture server{settings_in(folder)};
    eventually([&] { return server.get("/orders/").as_array().empty(); }); // the user's orders were deleted
    eventually([&] { return server.pending() == 0; });
}

TEST_CASE("users and orders start and stop as two servers, and /readyz of orders shows the state of users") {
    support::temporary_directory users_folder;
    support::temporary_directory orders_folder;
    auto users_settings = settings_in(users_folder);
    users_settings.modules = {"users"};
    auto orders_settings = settings_in(orders_folder);
    orders_settings.modules = {"orders"};
    for (int round = 0; round < 3; ++round) {
        server_fixture users{users_settings};
        orders_settings.module_urls["modules.orders.users_url"] = "http://127.0.0.1:" + std::to_string(users.server.port());
        server_fixture orders{orders_settings};
        const auto initial_state = orders.get("/readyz").at("users").as_object();
        CHECK(initial_state.at("ready").as_bool());
        CHECK(initial_state.at("url").as_string() == orders_settings.module_urls.at("modules.orders.users_url"));
        CHECK_FALSE(initial_state.contains("last_answer"));

        create_user(users, "user" + std::to_string(round));
        place_order(orders, "user0");
        CHECK(orders.get("/readyz").at("users").as_object().contains("last_answer"));
        if (round == 1)
            orders.server.stop(); // in this round, orders stops first
        users.server.stop();
        if (round == 2) {
            client http{orders.server.port()};
            CHECK(http.post("/orders/", {{"username", "user0"}, {"product_name", "tea"}}).status == 503);
            const auto ready = http.get("/readyz");
            CHECK(ready.status == 200); // everything that does not need users still works
            CHECK(ready.json().at("ready").as_bool());
            CHECK_FALSE(ready.json().at("users").at("ready").as_bool());
            CHECK(ready.json().at("users").as_object().contains("failing_since"));
            CHECK(orders.get("/orders/").as_array().size() == 3);
        }
    }
}

TEST_CASE("a stop does not exceed its deadline, even if a client never finishes its request") {
    support::temporary_directory folder;
    auto s = settings_in(folder);
    s.shutdown.deadline = 100ms;
    server_fixture server{s};
    client stuck{server.server.port()};
    stuck.write("POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");

    const auto begin = std::chrono::steady_clock::now();
    server.server.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 10s); // without shutdown.deadline, the server would wait 30 s for the body
}
