// Tests the routes and GraphQL fields with which operators work with events, with the real program.
#include "broken_account.hpp"

#include <support/raw_client.hpp>

#include <algorithm>
#include <set>

namespace {

using namespace atrium::support;
using boost::json::value;

const std::string statistics = "users.order_statistics";
const std::string statistics_path = "/events/subscriptions/users.order_statistics";

std::string text(const value& object, std::string_view member) {
    return std::string{object.at(member).as_string()};
}

/// The values of this member in all rows, separated by blanks.
std::string members(const value& rows, std::string_view member) {
    std::string all;
    for (const auto& each : rows.as_array())
        all.append(all.empty() ? "" : " ")
            .append(each.at(member).is_string() ? text(each, member) : serialize(each.at(member)));
    return all;
}

/// The target in a Link header.
std::string next_page(const reply& page) {
    const auto link = page.header("Link");
    return link.empty() ? link : link.substr(1, link.find('>') - 1);
}

/// The data of a response to a GraphQL request without errors.
value ask(running_server& server, const std::string& query, const value& variables = boost::json::object{}) {
    const auto answer = server.http().post("/graphql/", {{"query", query}, {"variables", variables}});
    INFO(query << "\n" << answer.body);
    REQUIRE(answer.status == 200);
    const auto body = answer.json();
    REQUIRE_FALSE(body.as_object().contains("errors"));
    return body.at("data");
}

/// Reads from a stream until the text `end` has arrived, and returns everything.
std::string read_until(raw_client& stream, std::string_view end) {
    std::string received;
    while (received.find(end) == std::string::npos)
        received += stream.read_once();
    return received;
}

std::string stream_request(std::string_view query, std::string_view headers = {}) {
    return "GET /events/stream" + std::string{query} + " HTTP/1.1\r\nHost: localhost\r\n" + std::string{headers} + "\r\n";
}

/// Checks the members that every result of a bulk operation has.
void check_result(const value& result, int matched, int done) {
    INFO(serialize(result));
    CHECK(result.at("matched") == matched);
    CHECK(result.at("done") == done);
}

} // namespace

TEST_CASE("GET /events/ lists the event log as CloudEvents, with filters, in both orders and page by page") {
    running_server server;
    server.create_user("ann");
    server.place_order("ann", "tea");
    server.place_order("ann", "milk");
    const auto page = server.http().get("/events/");
    INFO(page.body);
    REQUIRE(page.status == 200);
    CHECK(page.header("Content-Type") == "application/json");
    const auto events = page.json();
    REQUIRE(events.as_array().size() == 3);
    const auto& first = events.at(0);
    CHECK(has_members(first, "specversion id source type subject time datacontenttype data seq priority traceparent"));
    CHECK(first.at("specversion") == "1.0");
    CHECK(first.at("type") == "users.user_created");
    CHECK(first.at("subject") == "user/1");
    CHECK(first.at("source") == "/atrium/users");
    CHECK(first.at("data").at("username") == "ann");
    CHECK(first.at("priority") == 4);

    CHECK(members(server.http().get("/events?topic=orders.*").json(), "subject") == "order/1 order/2");
    CHECK(members(server.http().get("/events/?key=order/2").json(), "type") == "orders.order_created");
    CHECK(members(server.http().get("/events/?order=newest").json(), "subject") == "order/2 order/1 user/1");
    const auto time = text(events.at(1), "time");
    CHECK(members(server.http().get("/events/?until=" + time).json(), "subject") == "user/1");
    CHECK(members(server.http().get("/events/?since=2100-01-01T00:00:00Z").json(), "subject").empty());
    const auto trace = text(events.at(1), "traceparent").substr(3, 32);
    CHECK(members(server.http().get("/events/?trace=" + trace).json(), "subject") == "order/1");
    auto upper = trace;
    std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c; });
    CHECK(members(server.http().get("/events/?trace=" + upper + "&since=" + time).json(), "subject") == "order/1");
    CHECK(members(server.http().get("/events/?trace=" + trace + "&until=" + time).json(), "subject").empty());

    for (const std::string order : {"oldest", "newest"}) {
        std::string all;
        for (std::string target = "/events/?limit=1&order=" + order; !target.empty();) {
            const auto part = server.http().get(target);
            REQUIRE(part.status == 200);
            CHECK(part.json().as_array().size() <= 1);
            if (!part.json().as_array().empty())
                all += members(part.json(), "subject") + " ";
            target = next_page(part);
        }
        CHECK(all == (order == "oldest" ? "user/1 order/1 order/2 " : "order/2 order/1 user/1 "));
    }
}

TEST_CASE("the routes of events refuse invalid requests") {
    running_server server;
    auto& http = server.http();
    CHECK(faults_of(http.get("/events/?topics=a.b"), 400) == "topics: is not a known parameter\n");
    CHECK(faults_of(http.get("/events/?order=random&limit=0&after=x"), 400) ==
          "order: must be oldest or newest\nlimit: must be between 1 and 1000\nafter: must be the seq of an event, or 0\n");
    for (const std::string wrong :
         {"4bf92f", "4bf92f3577b34da6a3ce929d0e0e473g", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"})
        CHECK(faults_of(http.get("/events/?trace=" + wrong), 400) == "trace: must be the 32 hexadecimal digits of a trace\n");
    CHECK(faults_of(http.get("/events/dead-letters?since=noon"), 400).starts_with("since: must be a date"));
    CHECK(faults_of(http.get("/events/dead-letters/groups?key=a"), 400) == "key: is not a known parameter\n");
    CHECK(faults_of(http.get("/events/stream?after=x"), 400) == "after: must be the seq of an event, or 0\n");
    check_problem(http.get("/events/stream", {{"Last-Event-ID", "x"}}), 400);
    CHECK(faults_of(http.get("/events/subscriptions?a=1"), 400) == "a: is not a known parameter\n");
    for (const auto* target : {"/events/99", "/events/x", "/events/0", "/events/subscriptions/a.b", "/events/dead-letters/1-1",
                               "/events/dead-letters/x", "/events/operations/9", "/events/operations/x"})
        check_problem(http.get(target), 404);
    check_problem(http.post("/events/subscriptions/a.b/pause", boost::json::object{}), 404);
    check_problem(http.remove("/events/operations/9"), 404);

    CHECK(faults_of(http.post("/events/dead-letters/retry", boost::json::object{}), 422).starts_with("/all: must be true"));
    CHECK(faults_of(http.post("/events/dead-letters/discard", {{"topik", "a"}, {"all", true}}), 422) ==
          "/topik: is not a known field\n/reason: is required\n");
    CHECK(faults_of(http.post(statistics_path + "/replay", {{"from", "noon"}}), 422).starts_with("/from: must be the seq"));
    CHECK(faults_of(http.post(statistics_path + "/pause", {{"why", "x"}}), 422) == "/why: is not a known field\n");
    check_problem(http.send("POST", "/events/dead-letters/retry", "x", {{"Content-Type", "text/plain"}}), 415);
    check_problem(http.send("POST", "/events/dead-letters/retry", "{", {{"Content-Type", "application/json"}}), 400);
}

TEST_CASE("the routes of events support HEAD and OPTIONS, refuse other methods with 405, and are listed in the index") {
    running_server server;
    auto& http = server.http();
    CHECK(http.head("/events/").status == 200);
    CHECK(http.head("/events/").body.empty());
    CHECK(http.options("/events/").header("Allow") == "GET, HEAD, OPTIONS, POST");
    const auto refused = http.remove("/events/dead-letters");
    check_problem(refused, 405);
    CHECK(refused.header("Allow") == "GET, HEAD, OPTIONS");
    CHECK(http.options("/events/operations/1").header("Allow") == "DELETE, GET, HEAD, OPTIONS");
    CHECK(http.get("/events/dead-letters/retry").status == 405);

    std::set<std::string> routes;
    const auto index = http.get("/").json();
    for (const auto& each : index.at("routes").as_array())
        routes.insert(text(each, "method") + " " + text(each, "path"));
    for (const auto* route :
         {"GET /events/", "POST /events/", "GET /events/{seq}", "GET /events/stream", "GET /events/subscriptions",
          "GET /events/subscriptions/{name}", "POST /events/subscriptions/{name}/pause",
          "POST /events/subscriptions/{name}/resume", "POST /events/subscriptions/{name}/replay", "GET /events/dead-letters",
          "GET /events/dead-letters/groups", "POST /events/dead-letters/retry", "POST /events/dead-letters/discard",
          "POST /events/dead-letters/{id}/edit", "POST /events/resend", "POST /events/drain", "GET /events/operations/{id}",
          "DELETE /events/operations/{id}"}) {
        INFO(route);
        CHECK(routes.contains(route));
    }
}

TEST_CASE("a client of /events/stream gets each event once, even if its connection breaks and it connects again") {
    running_server server{{"http.stream.keep_alive=20ms"}};
    server.create_user("ann"); // seq 1
    std::string last;
    {
        raw_client first{server.port()};
        first.send(stream_request("?topic=orders.*&after=0"));
        const auto begin = read_until(first, "id: 0\n\n");
        CHECK(begin.find("Content-Type: text/event-stream") != std::string::npos);
        server.place_order("ann", "tea"); // seq 2
        const auto received = read_until(first, "\"tea\"");
        CHECK(received.find("\nid: 2\ndata: {\"specversion\":\"1.0\"") != std::string::npos);
        server.create_user("bob");            // seq 3, which does not match
        (void)read_until(first, "id: 3\n\n"); // the id arrives with a keep-alive
    }
    server.place_order("ann", "milk"); // seq 4
    raw_client second{server.port()};
    second.send(stream_request("?topic=orders.*&after=0", "Last-Event-ID: 2\r\n"));
    const auto received = read_until(second, "\"milk\"");
    CHECK(received.find("\"tea\"") == std::string::npos);
    CHECK(received.find("\nid: 4\ndata: ") != std::string::npos);
}

TEST_CASE("a client that wants to resume /events/stream with events that were removed gets 404") {
    running_server server{{"events.retention.count=1", "events.retention.every=10ms"}};
    for (const auto* name : {"ann", "bob", "eve"})
        server.create_user(name);
    eventually([&] { return server.http().get("/events/?limit=1").json().at(0).at("seq").as_int64() > 1; });
    check_problem(server.http().get("/events/stream", {{"Last-Event-ID", "0"}}), 404);
}

TEST_CASE("the journey of an event shows the id of the request that caused the event, and the state of the event in each "
          "subscription") {
    broken_account broken;
    broken.fail(1);
    const auto answer = broken.server.http().post("/orders/", {{"username", "bob"}, {"product_name", "tea"}});
    REQUIRE(answer.status == 201);
    eventually([&] { return broken.server.is_quiet(); });

    const auto events = broken.get("/events/?topic=orders.order_created");
    REQUIRE(events.as_array().size() == 2);
    const auto failed = broken.get("/events/" + serialize(events.at(0).at("seq")));
    CHECK(failed.at("event") == events.at(0));
    CHECK(failed.at("seq") == events.at(0).at("seq"));
    REQUIRE(failed.at("subscriptions").as_array().size() == 1);
    const auto& delivery = failed.at("subscriptions").at(0);
    CHECK(text(delivery, "name") == statistics);
    CHECK(delivery.at("state") == "dead");
    CHECK(delivery.at("errors").at(0).at("error").as_string().find("the account 4711 is broken") != std::string::npos);
    CHECK(delivery.at("errors").at(0).as_object().contains("at"));

    const auto handled = broken.get("/events/" + serialize(events.at(1).at("seq")));
    CHECK(handled.at("subscriptions").at(0).at("state") == "handled");
    CHECK(handled.at("request_id").as_string() == answer.header("X-Request-Id"));
    CHECK(text(events.at(1), "traceparent").find(handled.at("trace_id").as_string()) == 3);
}

TEST_CASE("a paused subscription gets no events until it is resumed, even after a restart") {
    running_server server;
    server.create_user("ann");
    eventually([&] { return server.is_quiet(); });
    CHECK(server.http().post(statistics_path + "/pause", {{"reason", "maintenance"}}).status == 204);
    CHECK(server.http().send("POST", statistics_path + "/pause", "").status == 204); // repeated, without a body
    server.place_order("ann", "tea");
    server.restart();
    server.place_order("ann", "milk");
    const auto paused = server.http().get(statistics_path).json();
    CHECK(text(paused, "name") == statistics);
    CHECK(paused.at("paused") == true);
    CHECK(paused.at("pending") == 2);
    CHECK(paused.at("claimed") == true);
    CHECK(server.http().get("/users/1").json().at("order_count") == 0);

    CHECK(server.http().send("POST", statistics_path + "/resume", "").status == 204);
    eventually([&] { return server.http().get("/users/1").json().at("order_count") == 2; });
    const auto all = server.http().get("/events/subscriptions");
    REQUIRE(all.status == 200);
    CHECK(members(all.json(), "name").find(statistics) != std::string::npos);
    CHECK(members(server.http().get("/events/?topic=operations.*").json(), "type") == "operations.paused operations.resumed");
}

TEST_CASE("dead letters are listed with their events and errors, with filters, page by page, and by failure group") {
    broken_account broken;
    broken.fail(3);
    const auto all = broken.get("/events/dead-letters");
    const auto& letter = all.at(0);
    CHECK(has_members(letter, "id subscription seq topic key attempts error errors event"));
    CHECK(text(letter, "subscription") == statistics);
    CHECK(letter.at("topic") == "orders.order_created");
    CHECK(letter.at("key") == "order/1");
    CHECK(letter.at("attempts") == 1);
    CHECK(letter.at("event").at("data").at("product_name") == "tea 1");
    CHECK(letter.at("errors").as_array().size() == 1);
    CHECK(broken.get("/events/dead-letters/" + text(letter, "id")) == letter);

    CHECK(broken.count("/events/dead-letters?subscription=users.order_statistics") == 3);
    CHECK(broken.count("/events/dead-letters?subscription=orders.user_names") == 0);
    CHECK(broken.count("/events/dead-letters?topic=orders.%23") == 3);
    CHECK(broken.count("/events/dead-letters?key=order/2") == 1);
    CHECK(broken.count("/events/dead-letters?error=is%20broken") == 3);
    CHECK(broken.count("/events/dead-letters?error=no%20such%20error") == 0);
    CHECK(broken.count("/events/dead-letters?until=2001-01-01T00:00:00Z") == 0);
    CHECK(broken.count("/events/dead-letters?ids=" + text(all.at(0), "id") + "," + text(all.at(2), "id")) == 2);

    std::string keys;
    for (std::string target = "/events/dead-letters?limit=2"; !target.empty();) {
        const auto page = broken.server.http().get(target);
        keys += members(page.json(), "key") + " ";
        target = next_page(page);
    }
    CHECK(keys == "order/1 order/2 order/3 ");

    const auto groups = broken.get("/events/dead-letters/groups");
    REQUIRE(groups.as_array().size() == 1);
    CHECK(groups.at(0).at("count") == 3);
    CHECK(text(groups.at(0), "subscription") == statistics);
    CHECK(groups.at(0).at("error").as_string().find("4711") == std::string::npos);
    CHECK(broken.count("/events/dead-letters?group=" + serialize(groups.at(0).at("id"))) == 3);
    CHECK(broken.count("/events/dead-letters?ids=" + text(groups.at(0), "example")) == 1);
}

TEST_CASE("a retry of dead letters succeeds after their cause is repaired, and a dry run changes nothing") {
    broken_account broken;
    broken.fail(3);
    check_result(broken.post("/events/dead-letters/retry", {{"topic", "orders.*"}, {"dry_run", true}}), 3, 0);
    CHECK(broken.count("/events/dead-letters") == 3);

    const auto first = text(broken.get("/events/dead-letters").at(0), "id");
    check_result(broken.post("/events/dead-letters/retry", {{"ids", boost::json::array{first}}}), 1, 1);
    eventually([&] { return broken.server.is_quiet(); });
    CHECK(broken.count("/events/dead-letters") == 3); // the delivery has failed again

    broken.repair();
    check_result(broken.post("/events/dead-letters/retry", {{"error", "is broken"}, {"reason", "renamed"}}), 3, 3);
    eventually([&] { return broken.order_count() == 3; });
    CHECK(broken.count("/events/dead-letters") == 0);
    check_result(broken.post("/events/dead-letters/retry", {{"all", true}}), 0, 0);

    const auto actions = broken.get("/events/?topic=operations.retried");
    REQUIRE(actions.as_array().size() >= 2);
    CHECK(actions.at(1).at("data").at("reason") == "renamed");
    CHECK(actions.at(1).at("data").at("who") == "anonymous");
}

TEST_CASE("discarded dead letters are archived with their reason") {
    broken_account broken;
    broken.fail(2);
    check_result(broken.post("/events/dead-letters/discard", {{"key", "order/1"}, {"reason", "obsolete"}}), 1, 1);
    CHECK(members(broken.get("/events/dead-letters"), "key") == "order/2");
    const auto archive = broken.get("/events/archive");
    REQUIRE(archive.as_array().size() == 1);
    CHECK(archive.at(0).at("reason") == "obsolete");
    CHECK(archive.at(0).at("resolution") == "discarded");
    CHECK(archive.at(0).at("event").at("subject") == "order/1");
}

TEST_CASE("an edited dead letter is published as a new event that names the dead letter") {
    broken_account broken;
    broken.fail(1);
    const auto letter = broken.get("/events/dead-letters").at(0);
    const auto path = "/events/dead-letters/" + text(letter, "id") + "/edit";
    auto data = letter.at("event").at("data").as_object();
    data["user_id"] = "x";
    CHECK(faults_of(broken.server.http().post(path, {{"data", data}}), 422) == "/data/user_id: must be an integer\n");
    CHECK(faults_of(broken.server.http().post(path, boost::json::object{}), 422) == "/data: is required\n");
    check_problem(broken.server.http().post("/events/dead-letters/9-9/edit", {{"data", data}}), 404);

    data["user_id"] = 2; // bob
    const auto edited = broken.server.http().post(path, {{"data", data}, {"reason", "wrong user"}});
    INFO(edited.body);
    REQUIRE(edited.status == 201);
    CHECK(edited.json().at("subject") == "order/1");
    CHECK(edited.json().at("data").at("user_id") == 2);
    CHECK(edited.header("Location") == "/events/" + serialize(edited.json().at("seq")));
    CHECK(broken.get(edited.header("Location")).at("edited_from") == letter.at("id"));
    eventually([&] { return broken.get("/users/2").at("order_count") == 1; });
    CHECK(broken.count("/events/dead-letters") == 0);
    CHECK(broken.get("/events/archive").at(0).at("resolution") == "edited");
}

TEST_CASE("an operator can publish an event if a module publishes its topic and the data has the fields of this topic") {
    running_server server;
    server.create_user("ann");
    const value data{{"user_id", 1}, {"username", "ann"}, {"email", "ann@example.com"}, {"revision", 1}};
    const auto published = server.http().post("/events/", {{"topic", "users.user_updated"}, {"data", data}, {"priority", 9}});
    INFO(published.body);
    REQUIRE(published.status == 201);
    CHECK(published.json().at("subject") == "user/1");
    CHECK(published.json().at("priority") == 9);
    CHECK(published.json().at("data") == data);
    CHECK(server.http().get(published.header("Location")).json().at("event") == published.json());

    CHECK(faults_of(server.http().post("/events/", {{"topic", "users.user_sold"}, {"key", "user/1"}, {"data", data}}), 422) ==
          "/topic: must be a topic that a module publishes; no module publishes users.user_sold\n");
    auto wrong = data.as_object();
    wrong.erase("username");
    wrong["revision"] = "one";
    CHECK(faults_of(server.http().post("/events/", {{"topic", "users.user_updated"}, {"data", wrong}}), 422) ==
          "/data/revision: must be an integer\n/data/username: is required\n");
}

TEST_CASE("an event with a future deliver_at is scheduled, and an event with a past deliver_at is delivered immediately") {
    running_server server;
    server.create_user("ann");
    eventually([&] { return server.is_quiet(); });
    const value data{{"order_id", 7}, {"user_id", 1},       {"user", "ann"}, {"product_name", "tea"},
                     {"quantity", 1}, {"status", "placed"}, {"revision", 1}};
    const value later{{"topic", "orders.order_created"}, {"data", data}, {"deliver_at", "2999-01-01T00:00:00Z"}};
    REQUIRE(server.http().post("/events/", later).status == 201);
    const value now{
        {"topic", "orders.order_created"}, {"data", data}, {"key", "order/8"}, {"deliver_at", "2001-01-01T00:00:00Z"}};
    REQUIRE(server.http().post("/events/", now).status == 201);
    eventually([&] { return server.http().get("/users/1").json().at("order_count") == 1; });
    CHECK(server.http().get("/events/?topic=orders.%23").json().as_array().size() == 2);
    const auto scheduled = ask(server, "{ event(seq: 2) { subscriptions { name state due } } }").at("event");
    CHECK(
        scheduled.at("subscriptions").as_array() ==
        boost::json::array{{{"name", "users.order_statistics"}, {"state", "SCHEDULED"}, {"due", "2999-01-01T00:00:00.000Z"}}});
    CHECK(faults_of(server.http().post("/events/", {{"topic", "orders.order_created"}, {"data", data}, {"deliver_at", "noon"}}),
                    422) == "/deliver_at: must be a date and time such as 2026-11-22T12:00:00Z\n");
}

TEST_CASE("past events are replayed to a subscription, and a second replay with the same id has no effect") {
    running_server server;
    const auto ann = server.create_user("ann");
    server.rename(ann, "anna");
    server.rename(ann, "ann");
    eventually([&] { return server.is_quiet(); });
    const std::string path = "/events/subscriptions/orders.user_names/replay";
    const auto dry = server.http().post(path, {{"topic", "users.*"}, {"dry_run", true}});
    INFO(dry.body);
    REQUIRE(dry.status == 200);
    check_result(dry.json(), 2, 0);

    const auto first = server.http().post(path, {{"topic", "users.*"}, {"replay", "r-1"}});
    INFO(first.body);
    REQUIRE(first.status == 200);
    check_result(first.json(), 2, 2);
    CHECK(first.json().at("replay") == "r-1");
    eventually([&] { return server.is_quiet(); });

    const auto again = server.http().post(path, {{"topic", "users.*"}, {"replay", "r-1"}});
    CHECK(again.status == 200);
    CHECK(again.header("Location") == first.header("Location"));
    const auto operation = server.http().get(first.header("Location")).json();
    CHECK(operation.at("verb") == "replay");
    CHECK(operation.at("state") == "done");
    CHECK(operation.at("done") == 2);
    CHECK(server.http().get("/events/operations").json().as_array().size() == 1);
    CHECK(server.http().remove(first.header("Location")).json().at("state") == "done"); // too late to cancel it
}

TEST_CASE("a bulk operation that takes long continues after the response to its request, and can be watched and cancelled") {
    broken_account broken{{"events.retry.attempts=1", "events.dead_letters.count=1000000"}};
    broken.add_many();
    const auto started = broken.server.http().post("/events/dead-letters/discard", {{"all", true}, {"reason", "test"}});
    INFO(started.body);
    REQUIRE(started.status == 202);
    CHECK(started.json().at("matched") == 150'001);
    const auto location = started.header("Location");
    const auto running = broken.get(location);
    CHECK(running.at("state") == "running");
    CHECK(running.at("filter") == boost::json::object{});
    CHECK(running.at("reason") == "test");
    const auto cancelled = broken.server.http().remove(location);
    REQUIRE(cancelled.status == 200);
    CHECK(cancelled.json().at("state") == "cancelled");
    const auto ended = broken.get(location);
    CHECK(ended.at("ended_at").is_string());
    CHECK(ended.at("done").as_int64() < 150'001);
    const auto left = broken.post("/events/dead-letters/retry", {{"all", true}, {"dry_run", true}});
    CHECK(left.at("matched").as_int64() == 150'001 - ended.at("done").as_int64());
    const auto subscription = broken.get(statistics_path);
    CHECK(subscription.at("dead") == "10000+");
}

TEST_CASE("without a broker, a resend is refused, and a drain succeeds immediately") {
    running_server server;
    const auto refused = server.http().post("/events/resend", {{"subscription", statistics}, {"all", true}});
    check_problem(refused, 409);
    CHECK(server.http().send("POST", "/events/drain", "").body == R"({"drained":true})");
}

TEST_CASE(
    "operators can list, retry, discard, edit, publish and replay events, pause subscriptions and drain with GraphQL as well") {
    broken_account broken;
    broken.fail(3);
    auto& server = broken.server;
    const auto log = ask(server, "{ events(topic: \"orders.*\", first: 2, order: NEWEST) { seq topic key priority data } }");
    CHECK(members(log.at("events"), "key") == "order/3 order/2");
    const auto seq = text(log.at("events").at(0), "seq");
    const auto journey = ask(server, "{ event(seq: " + seq +
                                         ") { event { key } requestId "
                                         "subscriptions { name state position { count capped } errors { at error } } } }");
    CHECK(journey.at("event").at("event").at("key") == "order/3");
    CHECK(journey.at("event").at("subscriptions").at(0).at("state") == "DEAD");
    CHECK(ask(server, "{ event(seq: 9999) { requestId } }").at("event").is_null());

    const auto state = ask(server, "{ subscriptions { name topics paused dead { count capped } oldestPendingMs lastError } }");
    CHECK(members(state.at("subscriptions"), "name").find(statistics) != std::string::npos);
    const auto letters = ask(server, "{ deadLetters(subscription: \"users.order_statistics\", first: 10) { id seq topic key "
                                     "attempts error diedAt group errors { at error } event { data } } }");
    CHECK(letters.at("deadLetters").as_array().size() == 3);
    const auto groups = ask(server, "{ failureGroups { id error count { count } example } }");
    CHECK(groups.at("failureGroups").at(0).at("count").at("count") == 3);

    const auto dry = ask(server, "mutation { retry(all: true, dryRun: true) { matched done operation { id } } }").at("retry");
    check_result(dry, 3, 0);
    CHECK(dry.at("operation").is_null());
    check_result(ask(server, "mutation { discard(key: \"order/1\", reason: \"old\") { matched done } }").at("discard"), 1, 1);
    auto data = letters.at("deadLetters").at(1).at("event").at("data").as_object();
    data["user_id"] = 2;
    const auto edited = ask(server, "mutation($id: ID!, $data: JSON!) { edit(id: $id, data: $data) { key data } }",
                            {{"id", letters.at("deadLetters").at(1).at("id")}, {"data", data}});
    CHECK(edited.at("edit").at("data") == data);
    broken.repair();
    const auto retried =
        ask(server, "mutation { retry(all: true, reason: \"repaired\") { matched done operation { verb state reason } } }");
    CHECK(retried.at("retry").at("operation").at("reason") == "repaired");
    eventually([&] { return broken.order_count() == 1; });

    const auto published = ask(server, "mutation { publish(topic: \"users.user_deleted\", data: {user_id: 77, username: "
                                       "\"zoe\", revision: 2}) { key seq } }");
    CHECK(published.at("publish").at("key") == "user/77");
    const auto replayed = ask(server, "mutation { replay(subscription: \"orders.user_names\", from: 1, replay: \"g-1\") { "
                                      "matched done operation { id replay } } }");
    CHECK(replayed.at("replay").at("operation").at("replay") == "g-1");
    const auto id = text(replayed.at("replay").at("operation"), "id");
    CHECK(ask(server, "{ operation(id: " + id + ") { state } }").at("operation").at("state") == "DONE");
    CHECK(ask(server, "mutation { cancelOperation(id: " + id + ") { state } }").at("cancelOperation").at("state") == "DONE");
    CHECK(ask(server, "{ operations(first: 1) { verb } }").at("operations").at(0).at("verb") == "REPLAY");
    CHECK(ask(server, "mutation { pause(subscription: \"orders.user_names\") }").at("pause") == true);
    CHECK(broken.get("/events/subscriptions/orders.user_names").at("paused") == true);
    CHECK(ask(server, "mutation { resume(subscription: \"orders.user_names\") }").at("resume") == true);
    CHECK(ask(server, "mutation { drain }").at("drain") == true);
}

TEST_CASE("the mutations for events refuse invalid input as the routes do") {
    running_server server;
    const auto refusal = [&](std::string_view query) {
        const auto body = server.http().post("/graphql/", {{"query", query}}).json();
        INFO(query << serialize(body));
        return text(body.at("errors").at(0), "message");
    };
    CHECK(refusal("mutation { retry { matched } }").find("all must be true") != std::string::npos);
    CHECK(refusal("mutation { discard(all: true) { matched } }").find("reason is required") != std::string::npos);
    CHECK(refusal("mutation { publish(topic: \"users.user_sold\", data: {}) { seq } }").find("no module publishes") !=
          std::string::npos);
    CHECK(refusal("mutation { resend(subscription: \"users.order_statistics\", all: true) { matched } }").find("broker") !=
          std::string::npos);
}
