#include "answers.hpp"

#include <support/running_server.hpp>

// Tests the rules that all routes have in common: for bodies, queries, methods and paths.

namespace {

using namespace atrium::support;

reply post_raw(running_server& server, std::string_view type, std::string_view body) {
    return server.http().send("POST", "/users/", body, {{"Content-Type", std::string{type}}});
}

} // namespace

TEST_CASE("a body that cannot be parsed is refused with 400") {
    running_server server;
    for (const std::string_view body : {"{", "{\"username\":\"ann\"", "{} {}", "{\"a\":1,}", "nul", "{\"a\":\"\xff\"}",
                                        "{\"a\":\"\\ud800\"}", "\xEF\xBB\xBF{}"})
        check_problem(post_raw(server, "application/json", body), 400);
    for (const std::string_view body : {"username=%zz", "username=%ff", "username=%4"})
        check_problem(post_raw(server, "application/x-www-form-urlencoded", body), 400);
    check_problem(post_raw(server, "application/json", ""), 400);
    check_problem(post_raw(server, "application/json", std::string(200'000, '[')), 400);
    CHECK(server.users().empty());
}

TEST_CASE("JSON that is not an object, repeated fields, U+0000 and values of a wrong type are refused with 422") {
    running_server server;
    for (const std::string_view body : {"[]", "\"ann\"", "7", "null", "true"})
        CHECK(faults_of(post_raw(server, "application/json", body), 422) == ": must be an object\n");
    CHECK(faults_of(post_raw(server, "application/json", R"({"username":"ann","username":"bob","email":"a@example.com"})"),
                    422) == "/username: appears more than once\n");
    CHECK(faults_of(post_raw(server, "application/x-www-form-urlencoded", "username=a&username=b&email=a%40example.com"),
                    422) == "/username: appears more than once\n");
    CHECK(faults_of(post_raw(server, "application/json", R"({"username":"a\u0000b","email":"a@example.com"})"), 422) ==
          "/username: must not contain the character U+0000\n");
    CHECK(faults_of(post_raw(server, "application/json", R"({"username":7,"email":["a@example.com"]})"), 422) ==
          "/username: must be a string\n/email: must be a string\n");
}

TEST_CASE("a body of an unsupported type is refused, and the response lists the supported types") {
    running_server server;
    const std::string body = R"({"username":"ann","email":"ann@example.com"})";
    for (const auto* type :
         {"text/plain", "application/xml", "multipart/mixed; boundary=x", "application/json; charset=latin1", "x"}) {
        const auto answer = post_raw(server, type, body);
        check_problem(answer, 415);
        CHECK(answer.header("Accept-Post") == "application/json, application/x-www-form-urlencoded, multipart/form-data");
    }
    check_problem(server.http().send("POST", "/users/", body), 415);
    CHECK(post_raw(server, "Application/JSON; charset=UTF-8", body).status == 201);
}

TEST_CASE("a multipart/form-data form is read like any other form, but files are refused") {
    running_server server;
    const auto part = [](const std::string& name, const std::string& content) { // `name` may end with more parameters
        return "--x\r\nContent-Disposition: form-data; name=" + name + "\r\n\r\n" + content + "\r\n";
    };
    const auto send = [&](const std::string& method, const std::string& path, const std::string& body) {
        return server.http().send(method, path, body + "--x--\r\n", {{"Content-Type", "multipart/form-data; boundary=x"}});
    };
    const auto email = part("\"email\"", "ann@example.com");
    const auto created = send("POST", "/users/",
                              part("\"username\"", "Ann B\xC3\xA9"
                                                   "e") +
                                  email);
    REQUIRE(created.status == 201);
    CHECK(created.json().at("user").at("username").as_string() == "Ann B\xC3\xA9"
                                                                  "e");
    const auto placed = send("POST", "/orders/",
                             part("username", "ann b\xC3\xA9"
                                              "e") +
                                 part("product_name", "tea") + part("quantity", ""));
    REQUIRE(placed.status == 201);
    CHECK(placed.json().at("order").at("quantity") == 1);
    CHECK(send("PATCH", "/orders/1", part("quantity", "3") + part("status", "")).json().at("quantity") == 3);

    CHECK(faults_of(send("POST", "/users/", part("username; filename=\"a.txt\"", "ann") + email), 422) ==
          "/username: must be text: files are not accepted\n");
    check_problem(server.http().send("POST", "/users/", "--x\r\n", {{"Content-Type", "multipart/form-data; boundary=x"}}), 400);
    check_problem(server.http().send("POST", "/users/", "--x--", {{"Content-Type", "multipart/form-data"}}), 400);
    CHECK(server.users().size() == 1);
}

TEST_CASE("a request whose response depends only on its request line and headers is answered before its body is sent") {
    running_server server;
    server.create_user("ann");
    const auto answer_to = [&](const std::string& line, const std::string& headers) {
        client waiting{server.port()};
        waiting.write(line + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 1000\r\n" + headers +
                      "\r\n");
        return waiting.read().status;
    };
    const std::string json = "Content-Type: application/json\r\n";
    CHECK(answer_to("POST /users/", "Content-Type: text/plain\r\n") == 415);
    CHECK(answer_to("POST /orders/", "") == 415);
    CHECK(answer_to("POST /users/?a=1", json) == 400);
    CHECK(answer_to("POST /users/", json + "If-None-Match: *\r\n") == 412);
    CHECK(answer_to("PATCH /users/1", "") == 415);
    CHECK(answer_to("PATCH /orders/x", json) == 404);
    CHECK(answer_to("PATCH /users/1", json) == 100);
    CHECK(answer_to("POST /users/", json) == 100);
}

TEST_CASE("a body of 1 MiB is accepted, and a body with one byte more is too large") {
    running_server server;
    constexpr std::size_t limit = 1024 * 1024;
    const std::string start = R"({"username":"ann","email":"ann@example.com")";
    const auto padded = [&](std::size_t size) { return start + std::string(size - start.size() - 1, ' ') + "}"; };

    CHECK(post_raw(server, "application/json", padded(limit)).status == 201);
    check_problem(post_raw(server, "application/json", padded(limit + 1)), 413);
    CHECK(server.users().size() == 1);

    client chunked{server.port()};
    chunked.write(
        "POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        "100001\r\n" +
        padded(limit + 1) + "\r\n0\r\n\r\n");
    check_problem(chunked.read(), 413);
}

TEST_CASE("a list with an unknown, repeated or invalid query parameter is refused with an error that names the parameter") {
    running_server server;
    auto& http = server.http();
    CHECK(faults_of(http.get("/users/?color=red&limit=0&after=x&search=a&search=b"), 400) ==
          "color: is not a known parameter\nlimit: must be between 1 and 1000\n"
          "after: must be a cursor from the Link header of an earlier page\nsearch: appears more than once\n");
    for (const auto* path : {"/users/", "/orders/"})
        for (const auto* query : {"limit=", "limit=1001", "limit=ten", "limit=1.0", "after=", "after=AAAAAAAAAAAA",
                                  "ids=", "ids=1,x", "ids=0", "x=1", "limit=%zz", "limit=1&limit=1"}) {
            INFO(path << "?" << query);
            CHECK_FALSE(faults_of(http.get(std::string{path} + "?" + query), 400).empty());
        }
    CHECK(http.get("/users/?").status == 200);
}

TEST_CASE("a request for an id that is malformed, too large or unused gets 404") {
    running_server server;
    server.create_user("ann");
    for (const auto* id :
         {"0", "-1", "01", "1.0", "x", "9223372036854775807", "9223372036854775808", "99999999999999999999", "%31x"})
        for (const auto* path : {"/users/", "/orders/"}) {
            const auto target = std::string{path} + id;
            INFO(target);
            check_problem(server.http().get(target), 404);
            check_problem(server.http().remove(target), 404);
        }
    CHECK(server.http().get("/users/%31").status == 200); // the path /users/1, percent-encoded
}

TEST_CASE("paths work with and without the trailing slash") {
    running_server server;
    server.create_user("ann");
    server.place_order("ann", "tea");
    eventually([&] { return server.is_quiet(); });
    for (const auto* path : {"/users", "/users/1", "/orders", "/orders/1"}) {
        const auto with_slash = server.http().get(std::string{path} + "/");
        const auto without_slash = server.http().get(path);
        CHECK(with_slash.status == 200);
        CHECK(with_slash.body == without_slash.body);
    }
    CHECK(server.http().post("/users", {{"username", "bob"}, {"email", "bob@example.com"}}).status == 201);
}

TEST_CASE("HEAD returns the headers of GET without the body") {
    running_server server;
    server.create_user("ann");
    for (const auto* path : {"/users/", "/users/1", "/orders/", "/", "/users/9"}) {
        const auto get = server.http().get(path);
        const auto head = server.http().head(path);
        INFO(path);
        CHECK(head.status == get.status);
        CHECK(head.body.empty());
        CHECK(head.header("Content-Length") == std::to_string(get.body.size()));
        CHECK(head.header("ETag") == get.header("ETag"));
        CHECK(head.header("Content-Type") == get.header("Content-Type"));
    }
}

TEST_CASE("responses to OPTIONS, and responses with status 405, list the allowed methods") {
    running_server server;
    auto& http = server.http();
    for (const auto* path : {"/users/", "/orders/"}) {
        CHECK(http.options(path).status == 204);
        CHECK(http.options(path).header("Allow") == "GET, HEAD, OPTIONS, POST");
        for (const auto* method : {"PUT", "DELETE", "PATCH", "BREW"}) {
            const auto answer = http.send(method, path, "");
            INFO(method);
            check_problem(answer, 405);
            CHECK(answer.header("Allow") == "GET, HEAD, OPTIONS, POST");
        }
    }
    CHECK(http.options("/users/1").header("Allow") == "DELETE, GET, HEAD, OPTIONS, PATCH");
    check_problem(http.post("/users/1", boost::json::object{}), 405);
    check_problem(http.options("/nowhere"), 404);
    check_problem(http.get("/user"), 404);
}

TEST_CASE("every response has a unique request id") {
    running_server server;
    const auto first = server.http().get("/users/").header("X-Request-Id");
    const auto second = server.http().get("/nowhere").header("X-Request-Id");
    CHECK_FALSE(first.empty());
    CHECK_FALSE(second.empty());
    CHECK(first != second);
}

TEST_CASE("no response reveals SQL, files or exceptions") {
    running_server server;
    auto& http = server.http();
    std::string all;
    for (const auto* target :
         {"/users/?search='", "/users/?search=%25_", "/users/'", "/users/1;drop", "/users/?ids=1)", "/../etc", "/%2e%2e/"})
        all += http.get(target).body;
    all += http.post("/users/", {{"username", "x' OR '1'='1"}, {"email", "x"}}).body;
    for (const auto* word : {"SQL", "sqlite", "SELECT", ".db", "exception", "/src/", "std::"})
        CHECK(all.find(word) == std::string::npos);
}
