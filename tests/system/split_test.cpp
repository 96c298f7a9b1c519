#include "answers.hpp"

#include <support/split_servers.hpp>

#include <atomic>
#include <csignal>
#include <thread>

// Tests behavior that needs two processes: orders calls users over HTTP, and users may be down, slow, or be killed during a
// request.

namespace {

using namespace atrium::support;
using boost::json::value;

value tea_for(std::string_view username) {
    return {{"username", username}, {"product_name", "tea"}};
}

/// The bytes of a request, for a client that does not wait for the response.
constexpr std::string_view order_request =
    "POST /orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    "Content-Length: 30\r\n\r\nusername=ann&product_name=milk";

/// The value of a metric in /metrics of the orders process; empty if there is none.
std::string metric(split_servers& servers, const std::string& series) {
    const auto all = servers.orders_process().http().get("/metrics").body;
    const auto found = all.find("\n" + series + " ");
    const auto begin = found + series.size() + 2;
    return found == std::string::npos ? "" : all.substr(begin, all.find('\n', begin) - begin);
}

std::string calls(split_servers& servers, const std::string& outcome) {
    return metric(servers, R"(atrium_http_client_requests_total{outcome=")" + outcome + R"(",service="users"})");
}

value users_in_readyz(split_servers& servers) {
    const auto ready = servers.orders_process().http().get("/readyz");
    CHECK(ready.status == 200); // orders stays ready whatever happens to users
    return ready.json().at("users");
}

/// Checks that the response is a 503 about the users service, with Retry-After and without a list of invalid fields.
void check_users_away(const reply& answer) {
    check_problem(answer, 503);
    CHECK(std::stoi(answer.header("Retry-After")) > 0);
    CHECK(answer.json().at("detail").as_string().starts_with("the users service "));
}

/// Counts the responses to clients that place orders continuously.
struct response_counts {
    std::atomic<std::size_t> placed = 0;
    std::atomic<std::size_t> unavailable = 0; ///< status 503
    std::atomic<std::size_t> unexpected = 0;  ///< any other status
};

void place_orders(std::uint16_t port, const std::atomic<bool>& is_running, response_counts& counts) {
    client http{port};
    while (is_running) {
        const auto answer = http.post("/orders/", tea_for("ann"));
        ++(answer.status == 201 ? counts.placed : answer.status == 503 ? counts.unavailable : counts.unexpected);
    }
}

} // namespace

TEST_CASE("the orders process finds the customer of an order in the users process") {
    split_servers servers;
    servers.create_user("Ann");
    CHECK(servers.place_order("aNN", "tea").user == "Ann");
    CHECK(faults_of(servers.http().post("/orders/", tea_for("bob")), 422) == "/username: is not the name of a user\n");
    servers.create_user("bob");
    CHECK(servers.place_order("bob", "tea").user_id == 2);
    CHECK(users_in_readyz(servers).at("ready").as_bool());
}

TEST_CASE("each process serves only the routes of its own modules") {
    split_servers servers;
    check_problem(servers.users_process().http().get("/orders/"), 404);
    check_problem(servers.orders_process().http().get("/users/"), 404);
}

TEST_CASE("successive requests from orders to users share one HTTP connection") {
    split_servers servers{{"http.threads=1"}};
    servers.create_user("ann");
    for (int i = 0; i < 50; ++i)
        servers.place_order("ann", "tea");
    CHECK(metric(servers, R"(atrium_http_client_connections_total{service="users"})") == "1");
    CHECK(calls(servers, "answered") == "50");
}

TEST_CASE(
    "while the users process is down, no order is placed but everything else works, and afterwards orders are placed again") {
    split_servers servers;
    servers.create_user("ann");
    const auto tea = servers.place_order("ann", "tea");
    const auto milk = servers.place_order("ann", "milk");
    for (const bool is_stopped : {true, false}) { // if false, it is killed
        if (is_stopped)
            servers.users_process().stop();
        else
            servers.users_process().kill();
        auto& http = servers.http();
        check_users_away(http.post("/orders/", tea_for("ann")));
        check_users_away(http.post("/orders/", tea_for("bob"))); // not 422: it is unknown whether this user exists
        const auto state = users_in_readyz(servers).as_object();
        CHECK_FALSE(state.at("ready").as_bool());
        CHECK(state.contains("failing_since"));
        CHECK(servers.orders().size() == 2);
        CHECK(servers.find(tea).product_name == "tea");
        CHECK(http.patch("/orders/2", {{"quantity", is_stopped ? 2 : 3}}).status == 200);

        servers.users_process().start();
        CHECK(servers.place_order("ann", "bread").user ==
              "ann"); // succeeds immediately, because a dead connection is not used again
        CHECK(users_in_readyz(servers).at("ready").as_bool());
        servers.remove(servers.orders().back());
    }
    CHECK(servers.find(milk).quantity == 3);
}

TEST_CASE("the orders process starts without the users process, and can call it as soon as the users process is up") {
    split_servers servers;
    servers.create_user("ann");
    servers.stop();
    servers.orders_process().start();
    check_users_away(servers.http().post("/orders/", tea_for("ann")));
    servers.users_process().start();
    CHECK(servers.place_order("ann", "tea").id == 1);
}

TEST_CASE("if the users process is killed again and again during requests, no order is lost and no response is unexpected") {
    split_servers servers;
    servers.create_user("ann");
    response_counts counts;
    std::atomic<bool> is_running = true;
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i)
        clients.emplace_back(place_orders, servers.orders_process().port(), std::cref(is_running), std::ref(counts));
    for (int round = 0; round < 5; ++round) {
        const auto placed_before = counts.placed.load();
        eventually([&] { return counts.placed >= placed_before + 20; });
        servers.users_process().kill();
        const auto refused = counts.unavailable.load();
        if (round % 2 == 0) // in the other rounds, users may be back before any request has failed
            eventually([&] { return counts.unavailable > refused; });
        servers.users_process().start();
    }
    const auto placed_before = counts.placed.load();
    eventually([&] { return counts.placed >= placed_before + 20; });
    is_running = false;
    for (auto& each : clients)
        each.join();

    CHECK(counts.unexpected == 0);
    CHECK(servers.orders().size() == counts.placed);
    CHECK(servers.orders_process().log().find("error") == std::string::npos);
    servers.stop();
}

TEST_CASE("a call to a users process that does not respond ends at its deadline") {
    split_servers servers{{"http.threads=1"}};
    servers.create_user("ann");
    servers.place_order("ann", "tea");
    servers.users_process().process().signal(SIGSTOP);
    const auto answer = servers.http().post("/orders/", tea_for("ann"));
    servers.users_process().process().signal(SIGCONT);
    check_users_away(answer);
    CHECK(answer.json().at("detail") == "the users service did not answer in time; nothing was changed");
    CHECK(servers.place_order("ann", "milk").id == 2);
}

TEST_CASE(
    "if a client disconnects, the request that the orders process has sent to the users process for this client is cancelled") {
    split_servers servers;
    servers.create_user("ann");
    servers.place_order("ann", "tea");
    servers.users_process().process().signal(SIGSTOP);
    {
        client impatient{servers.orders_process().port()};
        impatient.write(order_request);
    }
    eventually([&] { return calls(servers, "cancelled") == "1"; });
    servers.users_process().process().signal(SIGCONT);
    CHECK(servers.place_order("ann", "bread").id == 2);
    CHECK(servers.orders().size() == 2);
}

TEST_CASE("the orders process stops cleanly while it waits for the users process") {
    split_servers servers{{"http.threads=1", "shutdown.deadline=200ms"}};
    servers.create_user("ann");
    servers.place_order("ann", "tea");
    servers.users_process().process().signal(SIGSTOP);
    client waiting{servers.orders_process().port()};
    waiting.write(order_request);
    // This requests /metrics. The only worker reads requests in turn, so it has now read the order, which was sent before.
    CHECK(calls(servers, "answered") == "1");
    servers.orders_process().stop(); // checks that its exit status is 0
    servers.users_process().process().signal(SIGCONT);
    servers.users_process().stop();
}

TEST_CASE("if users_url is not the URL of the users process, an order is refused with 503, and the log names the setting") {
    running_server users{{R"(modules.enabled=["users"])"}};
    users.create_user("ann");
    const auto wrong_url = "http://127.0.0.1:" + std::to_string(users.port()) + "/nowhere";
    running_server orders{{R"(modules.enabled=["orders"])", "modules.orders.users_url=" + wrong_url}};
    check_users_away(orders.http().post("/orders/", tea_for("ann")));
    orders.expect_log(wrong_url);
    orders.expect_log("modules.orders.users_url");
}
