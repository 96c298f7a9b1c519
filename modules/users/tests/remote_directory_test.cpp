#include "remote_directory.hpp"
#include "users_process.hpp"

#include <http/server.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <mutex>

// Tests the directory with which a process without the users module finds users. In most of the tests, the directory calls the
// real module through a real HTTP server.

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using users::user_id;
using users::user_summary;

http::settings any_port() {
    http::settings s;
    s.port = 0;
    s.threads = 1;
    return s;
}

/// An HTTP server with the given routes, on a free port.
struct routed_server {
    explicit routed_server(const http::router& routes) : server{any_port(), routes, metrics, logger{}} { server.start(); }

    [[nodiscard]] http::client_settings settings() const {
        const auto url = "http://127.0.0.1:" + std::to_string(server.port());
        return {.name = "users", .url = http::parse_base_url(url).value()};
    }

    metrics::registry metrics;
    http::server server;
};

/// A remote directory and the HTTP client with which it calls a server.
struct directory_fixture {
    explicit directory_fixture(http::client_settings s, logger log = {}, const std::string& token = {})
        : client{std::move(s), time, metrics, log}, directory{client, "modules.shops.users_url", token, log} {}

    result<user_summary> find(std::string_view name) { return support::run(directory.find_user_by_name(name, {})); }
    result<std::vector<std::optional<user_summary>>> find(const std::vector<user_id>& ids) {
        return support::run(directory.find_users(ids, {}));
    }

    system_clock time;
    metrics::registry metrics;
    http::client client;
    users::remote_directory directory;
};

/// A process with the users module, and a remote directory that calls it as if from another process.
struct two_processes {
    users::users_process users;
    routed_server server{users.routes()};
    directory_fixture remote{server.settings()};
};

/// A server that always returns the same response for /users/.
struct constant_server {
    explicit constant_server(http::response answer) {
        routes.get("/users/", "", [answer](const http::request&) -> awaitable<http::response> { co_return answer; });
    }
    http::router routes;
    routed_server server{routes};
};

} // namespace

TEST_CASE("a user in another process is found by name, ignoring case") {
    two_processes p;
    p.users.create("ann");
    const auto ann = p.remote.find("aNN");
    REQUIRE(ann);
    CHECK(ann->id == user_id{1});
    CHECK(ann->username == "ann");
    CHECK(ann->revision == 1);
    p.users.patch("/users/1", R"({"username":"anna"})");
    CHECK(p.remote.find("anna").value().revision == 2);
    CHECK(p.remote.find("ann").error().code == errc::not_found);
}

TEST_CASE("a lookup in another process transfers every name unchanged") {
    two_processes p;
    int count = 0;
    for (const std::string name : {"a b", "100%", "a&limit=2", "a+b", "a#b?c/d", "\xC3\x84\xF0\x9F\x98\x80", "x' OR 1=1"}) {
        const boost::json::value user{{"username", name}, {"email", "e" + std::to_string(++count) + "@example.com"}};
        REQUIRE(p.users.post("/users/", boost::json::serialize(user)).status == http::status::created);
        const auto user_of_name = p.remote.find(name);
        REQUIRE(user_of_name);
        CHECK(user_of_name->username == name);
    }
}

TEST_CASE("a name that no user can have is not found") {
    two_processes p;
    p.users.create("ann");
    for (const std::string& name :
         {std::string{}, std::string(401, 'x'), std::string(100'000, 'x'), std::string{"a\0b", 3}, std::string{" ann"}})
        CHECK(p.remote.find(name).error().code == errc::not_found);
}

TEST_CASE("the remote directory returns a result for each id in order, however many ids there are") {
    two_processes p;
    for (int i = 1; i <= 5; ++i)
        p.users.create("user" + std::to_string(i));
    p.users.remove("/users/2");

    const auto few = p.remote.find({user_id{3}, user_id{2}, user_id{1}, user_id{3}, user_id{0}, user_id{-7}}).value();
    REQUIRE(few.size() == 6);
    CHECK(few[0]->username == "user3");
    CHECK_FALSE(few[1]);
    CHECK(few[2]->username == "user1");
    CHECK(few[3]->id == user_id{3});
    CHECK_FALSE(few[4]);
    CHECK_FALSE(few[5]);

    std::vector<user_id> many;
    for (std::int64_t i = 1; i <= 1001; ++i) // more than fit into two requests
        many.push_back(user_id{i});
    for (std::int64_t i = 0; i < 700; ++i) // ids so long that 400 of them do not fit into a target
        many.push_back(user_id{INT64_MAX - i});
    many.push_back(user_id{5});
    const auto users = p.remote.find(many).value();
    REQUIRE(users.size() == many.size());
    CHECK(users.front()->username == "user1");
    CHECK(users.back()->username == "user5");
    CHECK(std::count_if(users.begin(), users.end(), [](const auto& user) { return user.has_value(); }) == 5);

    CHECK(p.remote.find(std::vector<user_id>{}).value().empty());
    CHECK(p.remote.find(std::vector<user_id>{user_id{0}}).value().size() == 1);
}

TEST_CASE("a user from another process has every field that REST shows, and fields that are not selected stay empty") {
    two_processes p;
    p.users.create("ann");
    p.users.publish({.topic = "orders.order_created", .key = "order/1", .data = R"({"user_id":1})"});
    p.users.settle();
    const auto find = [&p](entity::field_set fields) {
        const std::array ids{user_id{1}};
        return *support::run(p.remote.directory.find_all(ids, fields, {})).value().front();
    };

    const auto whole = find(users::account_entity.shown());
    CHECK(whole.username == "ann");
    CHECK(whole.email == "ann@example.com");
    CHECK(whole.order_count == 1);
    CHECK(whole.last_order_at.has_value());
    CHECK(whole.revision == 2);
    CHECK(whole.created_at == p.users.time().now());
    CHECK(whole.updated_at == whole.created_at);

    const auto part = find({});
    CHECK(part.username == "ann");
    CHECK(part.email.empty());
}

TEST_CASE("GraphQL has no field of a user that REST does not show") {
    for (const auto& field : users::account_entity.fields())
        if (field.is_in_graphql) {
            CAPTURE(std::string{field.name});
            CHECK(field.is_shown);
        }
}

TEST_CASE("if another version of users does not show a field, only requests for this field fail") {
    const constant_server server{http::json(R"([{"id":1,"username":"ann","revision":4}])")};
    directory_fixture remote{server.server.settings()};
    CHECK(remote.find("ann").value().revision == 4);
    CHECK(remote.find({user_id{1}}).value().front()->username == "ann");
    entity::field_set email;
    email.set(users::account_entity.index_of("email"));
    const std::array ids{user_id{1}};
    CHECK(support::run(remote.directory.find_all(ids, email, {})).error().code == errc::unavailable);
}

TEST_CASE("a lookup sends the request id and the traceparent of its call") {
    std::mutex mutex;
    std::string request_text;
    http::router routes;
    routes.get("/users/", "", [&](const http::request& q) -> awaitable<http::response> {
        const std::lock_guard lock{mutex};
        request_text = std::string{q.target} + " " + std::string{q.headers.get("traceparent")} + " " +
                       std::string{q.headers.get("X-Request-Id")};
        co_return http::json("[]");
    });
    const routed_server server{routes};
    directory_fixture remote{server.settings()};
    const call caller{.request_id = "r-7", .traceparent = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01"};
    CHECK_FALSE(support::run(remote.directory.find_user_by_name("ann", caller)));
    const std::lock_guard lock{mutex};
    CHECK(request_text == "/users/?username=ann&limit=1 00-0123456789abcdef0123456789abcdef-0123456789abcdef-01 r-7");
}

TEST_CASE("a lookup ends at the deadline of its call") {
    boost::asio::io_context context; // the system accepts connections for this acceptor, but nothing responds
    const boost::asio::ip::tcp::acceptor silent{context, {boost::asio::ip::address_v4::loopback(), 0}};
    const auto url = "http://127.0.0.1:" + std::to_string(silent.local_endpoint().port());
    directory_fixture remote{{.name = "users", .url = http::parse_base_url(url).value(), .deadline = 24h}};
    const std::vector<user_id> ids{user_id{1}};
    const auto call_with_deadline = [] { return call{.deadline = std::chrono::steady_clock::now() + 50ms}; };

    const auto by_name = support::run(remote.directory.find_user_by_name("ann", call_with_deadline()));
    const auto by_id = support::run(remote.directory.find_users(ids, call_with_deadline()));
    const auto whole = support::run(remote.directory.find_all(ids, users::account_entity.shown(), call_with_deadline()));
    for (const auto& answer : {by_name.error(), by_id.error(), whole.error()}) {
        CHECK(answer.code == errc::unavailable);
        CHECK(answer.detail ==
              "the users service did not answer in the time that was left for the request; nothing was changed");
    }
}

TEST_CASE("if the users service cannot be reached, the error is unavailable, not not_found") {
    http::client_settings closed_server;
    {
        const http::router no_routes;
        closed_server = routed_server{no_routes}.settings();
    }
    closed_server.backoff = 1ms;
    directory_fixture remote{closed_server};
    for (const auto& answer : {remote.find("ann").error(), remote.find({user_id{1}}).error()}) {
        CHECK(answer.code == errc::unavailable);
        CHECK(answer.detail == "the users service could not be reached; nothing was changed");
        CHECK(answer.retry_after > 0s);
    }
}

TEST_CASE("the Retry-After of a busy users service is returned with the error") {
    http::response busy{.status = http::status::service_unavailable};
    busy.set("Retry-After", "7");
    const constant_server server{busy};
    const auto refused = directory_fixture{server.server.settings()}.find("ann");
    CHECK(refused.error().code == errc::unavailable);
    CHECK(refused.error().retry_after == 7s);
}

TEST_CASE("a response that cannot be used becomes the error unavailable, and the log names the setting to check") {
    for (const auto& answer :
         {http::response{.status = http::status::not_found}, http::json("hello"), http::json("{}"), http::json("[1]"),
          http::json(R"([{"id":"1","username":"ann","revision":1}])"), http::json(R"([{"id":1,"username":"ann"}])"),
          http::response{.status = http::status::bad_request}, http::response{.status = http::status::internal_server_error}}) {
        support::captured_stderr captured_log;
        const constant_server server{answer};
        const auto refused = directory_fixture{server.server.settings(), logger{log_settings{}, "users"}}.find("ann");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::unavailable);
        CHECK(refused.error().detail == "the users service gave an answer that cannot be used; nothing was changed");
        CHECK(captured_log.text().find("is modules.shops.users_url the URL of an Atrium with users?") != std::string::npos);
    }
}

TEST_CASE("a lookup presents the token for the users service") {
    std::mutex mutex;
    std::string authorization;
    http::router routes;
    routes.get("/users/", "", [&](const http::request& q) -> awaitable<http::response> {
        const std::lock_guard lock{mutex};
        authorization = q.headers.get("Authorization");
        co_return http::json("[]");
    });
    const routed_server server{routes};
    directory_fixture remote{server.settings(), {}, "secret"};
    CHECK_FALSE(remote.find("ann"));
    const std::lock_guard lock{mutex};
    CHECK(authorization == "Bearer secret");
}

TEST_CASE("if the users service refuses the token, the error is unavailable, and the log names the scope that is needed") {
    for (const auto status : {http::status::unauthorized, http::status::forbidden}) {
        support::captured_stderr captured_log;
        const constant_server server{http::response{.status = status}};
        const auto refused = directory_fixture{server.server.settings(), logger{log_settings{}, "users"}, "secret"}.find("ann");
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::unavailable);
        CHECK(captured_log.text().find("set a token with the scope users:read in the setting users_token") !=
              std::string::npos);
        CHECK(captured_log.text().find("secret") == std::string::npos);
    }
}
