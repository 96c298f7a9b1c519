// Tests `atrium events ...` as an operator uses it in a terminal: the real program against a real server.
#include "broken_account.hpp"
#include "commands.hpp"

#include <support/database_inspector.hpp>

#include <csignal>
#include <fstream>

namespace {

using namespace atrium::support;

/// Runs a command of `atrium events` in a terminal, types the text and Enter, and returns the result.
outcome events_in_terminal(const running_server& server, std::vector<std::string> arguments, const std::string& typed) {
    std::string line;
    for (const auto& each : events_command(server, std::move(arguments)))
        line += "'" + each + "' ";
    // `script` ends with the status of the command.
    return run({"sh", "-c", "printf '%s\\n' \"$1\" | script -qec \"$2\" /dev/null", "sh", typed, line});
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("`list`, `show` and `subscriptions` of `atrium events` print tables, and `list` and `show` print JSON with --json") {
    running_server server;
    server.create_user("ann");
    server.place_order("ann", "tea");
    eventually([&] { return server.is_quiet(); });

    const auto table = output_of(events(server, {"list"}));
    CHECK(table.starts_with("SEQ  TIME                 TOPIC                 KEY      DATA\n"));
    CHECK(contains(table, "  users.user_created    user/1   {\"user_id\":1,"));
    const auto json = output_of(events(server, {"list", "--topic", "orders.#", "--json"}));
    CHECK(boost::json::parse(json) == server.http().get("/events/?topic=orders.%23").json());
    const auto page = events(server, {"list", "--limit", "1", "--order", "newest"});
    CHECK(contains(output_of(page), "order/1"));
    CHECK(page.err == "atrium: there are more rows; continue with --after 2\n");
    CHECK(contains(output_of(events(server, {"list", "--order", "newest", "--after", "2"})), "user/1"));
    CHECK(output_of(events(server, {"list", "--key", "none/1"})) == "no events\n");

    const auto shown = output_of(events(server, {"show", "2"}));
    CHECK(contains(shown, "orders.order_created"));
    CHECK(contains(shown, "users.order_statistics  handled"));
    CHECK(boost::json::parse(output_of(events(server, {"show", "2", "--json"}))) == server.http().get("/events/2").json());

    const auto subscriptions = output_of(events(server, {"subscriptions"}));
    CHECK(subscriptions.starts_with("NAME "));
    CHECK(contains(subscriptions, "users.order_statistics  active"));
    CHECK(contains(output_of(events(server, {"subscriptions", "orders.user_names"})), "orders.user_names  active"));
}

TEST_CASE("`atrium events` sends a token to another machine only by https, unless --allow-plain-token is given") {
    const std::vector<std::string> command{atrium_program(),          "events",  "list",  "--server",
                                           "http://atrium.invalid:1", "--token", "sesame"};
    const auto refused = run(command);
    CHECK(refused.status == 2);
    CHECK(contains(refused.err, "the token would be sent to atrium.invalid without TLS"));
    CHECK_FALSE(contains(refused.err, "sesame"));

    auto allowed = command;
    allowed.push_back("--allow-plain-token");
    const auto tried = run(allowed);
    CHECK(tried.status == 1);
    CHECK(contains(tried.err, "no server answers at http://atrium.invalid:1"));
}

TEST_CASE("`atrium events list` continues until it finds a matching event, however many events do not match") {
    running_server server;
    server.stop();
    run_sql(server.database(), R"(
        INSERT INTO events_log (id, source, topic, key, priority, time, traceparent, data)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001)
        SELECT 'id-' || i, '/test', 'test.made', CASE WHEN i = 15000 THEN 'rare/1' ELSE 'common/1' END, 4,
            1000 * CAST(strftime('%s', 'now') AS INTEGER), '', '{}' FROM n)");
    server.start();
    REQUIRE(server.http().get("/events/?key=rare/1").body == "[]"); // the first page, which is empty but not the last one
    CHECK(contains(output_of(events(server, {"list", "--key", "rare/1"})), "rare/1"));
    const auto json = boost::json::parse(output_of(events(server, {"list", "--key", "rare/1", "--json"})));
    CHECK(json.at(0).at("seq") == 15000);
    const auto none = events(server, {"list", "--key", "rare/2"});
    CHECK(output_of(none) == "no events\n");
    CHECK(none.err.empty());
}

TEST_CASE("`atrium events follow` prints events as they are committed, and continues after a restart of the server") {
    running_server server{{"http.port=0"}};
    server.create_user("ann");
    const auto port = server.port();
    process follow{events_command(server, {"follow", "--after", "0", "--topic", "users.#"})};
    eventually([&] { return contains(follow.out(), "\"ann\""); });
    server.stop();
    eventually([&] { return contains(follow.err(), "trying again"); });
    server.set_settings({"http.port=" + std::to_string(port)});
    server.start();
    server.create_user("bob");
    eventually([&] { return contains(follow.out(), "\"bob\""); });
    CHECK(follow.out().find("\"ann\"") == follow.out().rfind("\"ann\"")); // the event is shown only once
    follow.signal(SIGINT);
    CHECK(follow.wait() == 130);
}

TEST_CASE("`atrium events follow` ends with an error if events that it has not seen are no longer kept") {
    running_server server{{"events.retention.count=1", "events.retention.every=10ms"}};
    for (const auto* name : {"ann", "bob", "eve"})
        server.create_user(name);
    eventually([&] { return server.http().get("/events/?limit=1").json().at(0).at("seq").as_int64() > 1; });
    const auto ended = events(server, {"follow", "--after", "0"});
    CHECK(ended.status == 1);
    CHECK(contains(ended.err, "the server answered 404"));
}

TEST_CASE("`atrium events pause` and `resume` apply to one subscription") {
    running_server server;
    CHECK(contains(output_of(events(server, {"pause", "users.order_statistics", "--reason", "test"})), "is paused"));
    CHECK(contains(output_of(events(server, {"subscriptions"})), "users.order_statistics  paused"));
    CHECK(contains(output_of(events(server, {"resume", "users.order_statistics"})), "is resumed"));
    CHECK(contains(output_of(events(server, {"subscriptions"})), "users.order_statistics  active"));
    const auto unknown = events(server, {"pause", "users.orders"});
    CHECK(unknown.status == 1);
    CHECK(contains(unknown.err, "atrium: the server answered 404"));
}

TEST_CASE("`atrium events dead-letters` lists dead letters and their groups") {
    broken_account broken;
    CHECK(output_of(events(broken.server, {"dead-letters"})) == "no dead letters\n");
    broken.fail(2);
    const auto table = output_of(events(broken.server, {"dead-letters"}));
    CHECK(table.starts_with("ID "));
    CHECK(contains(table, "order/1"));
    CHECK(contains(table, "the account 4711 is broken"));
    CHECK_FALSE(contains(output_of(events(broken.server, {"dead-letters", "--key", "order/2"})), "order/1"));
    const auto json = boost::json::parse(output_of(events(broken.server, {"dead-letters", "--json"})));
    CHECK(json == broken.get("/events/dead-letters"));
    const auto groups = output_of(events(broken.server, {"dead-letters", "--groups"}));
    CHECK(groups.starts_with("GROUP  COUNT"));
    CHECK(contains(groups, "users.order_statistics"));
}

TEST_CASE("a command for many dead letters asks for confirmation at a terminal, and needs --yes without a terminal") {
    broken_account broken;
    broken.fail(2);
    const auto refused = events(broken.server, {"discard", "--all", "--reason", "test"});
    CHECK(refused.status == 2);
    CHECK(contains(refused.err, "2 dead letters match; add --yes"));
    CHECK(broken.count("/events/dead-letters") == 2);
    CHECK(output_of(events(broken.server, {"retry", "--all", "--dry-run"})) == "2 dead letters match; nothing was changed\n");
    CHECK(boost::json::parse(output_of(events(broken.server, {"retry", "--all", "--dry-run", "--json"}))).at("matched") == 2);
    CHECK(output_of(events(broken.server, {"retry", "--key", "order/9"})) == "no dead letters match\n");

    const auto declined = events_in_terminal(broken.server, {"discard", "--all", "--reason", "test"}, "n");
    CHECK(declined.status == 1);
    CHECK(contains(declined.out, "2 dead letters match. Discard them? [y/N]"));
    CHECK(broken.count("/events/dead-letters") == 2);
    const auto agreed = events_in_terminal(broken.server, {"discard", "--key", "order/1", "--reason", "test"}, "y");
    CHECK(agreed.status == 0);
    CHECK(contains(agreed.out, "discarded 1 of 1 dead letters"));

    broken.repair();
    CHECK(output_of(events(broken.server, {"retry", "--all", "--yes"})) == "retried 1 of 1 dead letters\n");
    eventually([&] { return broken.order_count() == 1; });
    const auto nothing = events(broken.server, {"retry", "--yes"});
    CHECK(nothing.status == 1);
    CHECK(contains(nothing.err, "all must be true"));
}

TEST_CASE("`atrium events edit` opens the editor with the data, and sends the edited data") {
    broken_account broken;
    broken.fail(1);
    const auto id = std::string{broken.get("/events/dead-letters").at(0).at("id").as_string()};
    const auto unchanged = events(broken.server, {"edit", id}, {"EDITOR=true"});
    CHECK(unchanged.status == 1);
    CHECK(contains(unchanged.err, "has not been changed"));
    const auto failed = events(broken.server, {"edit", id}, {"EDITOR=false"});
    CHECK(failed.status == 1);
    CHECK(contains(failed.err, "the editor has failed"));
    const auto malformed = events(broken.server, {"edit", id}, {"EDITOR=sed -i 's/{/[/'"});
    CHECK(malformed.status == 1);
    CHECK(contains(malformed.err, "not a JSON object"));
    CHECK(broken.count("/events/dead-letters") == 1);

    const auto edited =
        events(broken.server, {"edit", id, "--reason", "wrong user"}, {"EDITOR=sed -i 's/\"user_id\": 1/\"user_id\": 2/'"});
    CHECK(contains(output_of(edited), "published as event "));
    eventually([&] { return broken.get("/users/2").at("order_count") == 1; });
    CHECK(broken.get("/events/archive").at(0).at("reason") == "wrong user");
}

TEST_CASE("`atrium events publish` takes the data from an argument, a file or standard input") {
    running_server server;
    temporary_directory folder;
    const std::string data = R"({"user_id":7,"username":"zoe","revision":2})";
    CHECK(contains(output_of(events(server, {"publish", "users.user_deleted", data})), "published as event 1"));
    std::ofstream{folder / "data.json"} << data;
    const auto from_file =
        events(server, {"publish", "users.user_deleted", "@" + (folder / "data.json").string(), "--key", "user/8", "--json"});
    CHECK(boost::json::parse(output_of(from_file)).at("subject") == "user/8");
    const auto from_input = run(
        {"sh", "-c",
         "echo '" + data + "' | '" + atrium_program() + "' events publish users.user_deleted - --server " + url_of(server)});
    CHECK(from_input.status == 0);
    CHECK(server.http().get("/events/?topic=users.user_deleted").json().as_array().size() == 3);

    const auto wrong = events(server, {"publish", "users.user_deleted", R"({"user_id":"x","username":"zoe"})"});
    CHECK(wrong.status == 1);
    CHECK(wrong.err == "atrium: the server answered 422: 2 fields are invalid\n  /data/user_id must be an integer\n"
                       "  /data/revision is required\n");
    CHECK(events(server, {"publish", "users.user_deleted", "{"}).status == 2);
}

TEST_CASE("`atrium events replay` delivers past events to a subscription again, and `resend` fails without a broker") {
    running_server server;
    server.rename(server.create_user("ann"), "anna");
    eventually([&] { return server.is_quiet(); });
    const auto replayed =
        events(server, {"replay", "orders.user_names", "--topic", "users.*", "--from", "1", "--replay", "r-1", "--yes"});
    CHECK(output_of(replayed) == "replayed 1 of 1 events\nthe id of the replay is r-1\n");
    CHECK(contains(output_of(events(server, {"progress", "1"})), "replayed 1 of 1 events"));
    CHECK(contains(output_of(events(server, {"cancel", "1"})), "replayed 1 of 1 events"));
    const auto resent = events(server, {"resend", "users.order_statistics", "--all", "--yes"});
    CHECK(resent.status == 1);
    CHECK(contains(resent.err, "the server answered 409"));
    CHECK(contains(output_of(events(server, {"drain"})), "broker drained"));
}

TEST_CASE("Ctrl-C leaves a bulk operation running and prints its id, with which it can be watched and cancelled") {
    broken_account broken{{"events.retry.attempts=1", "events.dead_letters.count=1000000"}};
    broken.add_many();
    process discard{events_command(broken.server, {"discard", "--all", "--reason", "test", "--yes"})};
    eventually([&] { return broken.count("/events/operations") == 1; });
    discard.signal(SIGINT);
    CHECK(discard.wait() == 130);
    CHECK(contains(discard.err(), "the operation 1 continues; `atrium events progress 1` shows it"));
    CHECK(broken.get("/events/operations/1").at("state") == "running");

    process progress{events_command(broken.server, {"progress", "1"})};
    CHECK(contains(output_of(events(broken.server, {"cancel", "1"})), " of 150001 dead letters"));
    CHECK(progress.wait() == 1);
    CHECK(contains(progress.err(), "was cancelled"));
    CHECK(events(broken.server, {"progress", "99"}).status == 1);
}

TEST_CASE("without --server, `atrium events` uses the server of the configuration") {
    running_server server;
    const auto listed =
        run({atrium_program(), "events", "subscriptions", "--set", "http.port=" + std::to_string(server.port())});
    CHECK(contains(output_of(listed), "users.order_statistics"));
}

TEST_CASE("an invalid command of `atrium events` ends with status 2, and if no server runs, a valid one ends with status 1 and "
          "advice") {
    running_server server;
    CHECK(run({atrium_program(), "events", "list", "--server", "127.0.0.1:1"}).status == 2);
    CHECK(run({atrium_program(), "events", "list", "--server", url_of(server), "--token", "a b"}).status == 2);
    CHECK(run({atrium_program(), "events"}).status == 2);
    CHECK(run({atrium_program(), "events", "lst"}).status == 2);
    CHECK(run({atrium_program(), "events", "show"}).status == 2);
    const auto url = url_of(server);
    server.stop();
    const auto absent = run({atrium_program(), "events", "list", "--server", url});
    CHECK(absent.status == 1);
    CHECK(contains(absent.err, "start it first"));
}
