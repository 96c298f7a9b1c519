#include "answers.hpp"
#include "deployment.hpp"

#include <base/clock.hpp>

// Tests the REST API of users over a real connection.

using namespace atrium;
using namespace atrium::support;
using boost::json::value;

TEST_CASE("creating a user returns the whole user and its location") {
    deployment server;
    const auto answer = server.http().post("/users/", {{"username", "ann"}, {"email", "Ann@Example.com"}});

    REQUIRE(answer.status == 201);
    CHECK(answer.header("Location") == "/users/1");
    CHECK(answer.header("Content-Type") == "application/json");
    const auto body = answer.json().as_object();
    CHECK(members_of(body) == "message user");
    CHECK(body.at("message") == "User created successfully");
    const auto& user = body.at("user").as_object();
    CHECK(has_members(user, "id username email order_count last_order_at revision created_at updated_at"));
    CHECK(user.at("id") == 1);
    CHECK(user.at("username") == "ann");
    CHECK(user.at("email") == "Ann@Example.com");
    CHECK(user.at("order_count") == 0);
    CHECK(user.at("last_order_at").is_null());
    CHECK(user.at("revision") == 1);
    CHECK(parse_rfc3339(user.at("created_at").as_string()));
    CHECK(user.at("created_at") == user.at("updated_at"));

    CHECK(server.http().get("/users/1").json() == body.at("user"));
    const auto list = server.http().get("/users/").json();
    REQUIRE(list.as_array().size() == 1);
    CHECK(list.at(0) == body.at("user"));
}

TEST_CASE("a user can be created with a form, as curl -d sends it") {
    deployment server;
    const auto answer = server.http().post_form("/users", "username=Ann+B%C3%A9e&email=ann%40example.com");
    REQUIRE(answer.status == 201);
    CHECK(answer.json().at("user").at("username") == "Ann B\xC3\xA9"
                                                     "e");
}

TEST_CASE(
    "a name or address that differs from a taken one only in ASCII case is refused with 409, and the error names the field") {
    deployment server;
    server.create_user("ann");
    auto& http = server.http();

    CHECK(
        faults_of(http.post("/users/", {{"username", "ANN"}, {"email", "other@example.com"}}), 409).starts_with("/username: "));
    CHECK(faults_of(http.post("/users/", {{"username", "bob"}, {"email", "ANN@example.com"}}), 409).starts_with("/email: "));
    CHECK(http.post("/users/", {{"username", "\xC3\x84nn"}, {"email", "a1@example.com"}}).status == 201);
    // Two names that differ in the case of a letter outside of ASCII are different names.
    CHECK(http.post("/users/", {{"username", "\xC3\xA4nn"}, {"email", "a2@example.com"}}).status == 201);
    CHECK(server.users().size() == 3);
}

TEST_CASE("if a new user is refused, the response lists all errors") {
    deployment server;
    auto& http = server.http();
    const auto faults = faults_of(http.post("/users/", {{"username", ""}, {"email", "x"}, {"age", 7}}), 422);
    CHECK(faults == "/username: must have 1 to 100 characters\n/email: must be an email address\n/age: is not a known field\n");
    CHECK(faults_of(http.post("/users/", boost::json::object{}), 422) == "/username: is required\n/email: is required\n");

    for (const auto* name : {" ann", "ann ", "a\tb", "a\nb",
                             "\xC2\xA0"
                             "ann"})
        CHECK(
            faults_of(http.post("/users/", {{"username", name}, {"email", "a@example.com"}}), 422).starts_with("/username: "));
    for (const auto* email : {"ann", "ann@", "@example.com", "a b@example.com", "ann@-example.com", "ann@example..com"})
        CHECK(faults_of(http.post("/users/", {{"username", "ann"}, {"email", email}}), 422).starts_with("/email: "));
    CHECK(server.users().empty());
}

TEST_CASE("a name has at most 100 characters, however many bytes these are, and an email address has at most 254 characters") {
    deployment server;
    const auto repeated = [](std::string_view text, int times) {
        std::string all;
        for (int i = 0; i < times; ++i)
            all += text;
        return all;
    };
    auto& http = server.http();
    CHECK(http.post("/users/", {{"username", repeated("\xF0\x9F\x98\x80", 100)}, {"email", "a@example.com"}}).status == 201);
    CHECK(http.post("/users/", {{"username", repeated("\xF0\x9F\x98\x80", 101)}, {"email", "b@example.com"}}).status == 422);
    const auto domain = "@" + repeated("a234567.", 30) + "example";
    CHECK(http.post("/users/", {{"username", "c"}, {"email", repeated("c", 254 - static_cast<int>(domain.size())) + domain}})
              .status == 201);
    CHECK(http.post("/users/", {{"username", "d"}, {"email", repeated("d", 255 - static_cast<int>(domain.size())) + domain}})
              .status == 422);
}

TEST_CASE("a user can be changed, and fields that are not sent keep their values") {
    deployment server;
    const auto ann = server.create_user("ann");
    const auto answer = server.http().patch("/users/1", {{"email", "new@example.com"}});
    REQUIRE(answer.status == 200);
    const auto body = answer.json().as_object();
    CHECK(has_members(body, "id username email order_count last_order_at revision created_at updated_at"));
    CHECK(body.at("username") == "ann");
    CHECK(body.at("email") == "new@example.com");
    CHECK(body.at("revision") == 2);
    CHECK(answer.header("ETag") != "");
    CHECK(server.http().get("/users/1").json() == answer.json());

    server.create_user("bob");
    auto& http = server.http();
    CHECK(faults_of(http.patch("/users/1", {{"username", "BOB"}}), 409).starts_with("/username: "));
    CHECK(faults_of(http.patch("/users/1", {{"username", nullptr}}), 422) == "/username: must not be null\n");
    CHECK(faults_of(http.patch("/users/1", {{"id", 5}}), 422) == "/id: is not a known field\n");
    CHECK(faults_of(http.patch("/users/1", {{"email", "x"}}), 422) == "/email: must be an email address\n");
    check_problem(http.patch("/users/99", {{"email", "x@example.com"}}), 404);
    CHECK(server.find(ann).revision == 2);
}

TEST_CASE("a deleted user is no longer found, another user may have the name, and the id is not used again") {
    deployment server;
    const auto ann = server.create_user("ann");
    CHECK(server.http().remove("/users/1").body.empty());
    check_problem(server.http().get("/users/1"), 404);
    check_problem(server.http().remove("/users/1"), 404);
    CHECK(server.create_user("ann").id > ann.id);
}

TEST_CASE("after a user has changed, requests to change or delete it with its old ETag are refused") {
    deployment server;
    server.create_user("ann");
    auto& http = server.http();
    const auto first = http.get("/users/1").header("ETag");
    CHECK(first.starts_with("\""));

    const auto unchanged = http.get("/users/1", {{"If-None-Match", "\"other\", W/" + first}});
    CHECK(unchanged.status == 304);
    CHECK(unchanged.header("ETag") == first);
    CHECK(unchanged.body.empty());

    CHECK(http.patch("/users/1", {{"email", "2@example.com"}}, {{"If-Match", first}}).status == 200);
    CHECK(http.get("/users/1", {{"If-None-Match", first}}).status == 200);
    check_problem(http.patch("/users/1", {{"email", "3@example.com"}}, {{"If-Match", first}}), 412);
    check_problem(http.remove("/users/1", {{"If-Match", first}}), 412);
    check_problem(http.remove("/users/1", {{"If-Match", "W/" + http.get("/users/1").header("ETag")}}), 412);
    CHECK(http.remove("/users/1", {{"If-Match", "*"}}).status == 204);
}

TEST_CASE("users are listed by ascending id, page by page") {
    deployment server;
    for (const auto* name : {"ann", "bob", "cid", "dora", "eve"})
        server.create_user(name);
    auto& http = server.http();

    const auto first = http.get("/users/?limit=2");
    CHECK(ids_of(first) == "1 2 ");
    const auto link = first.header("Link");
    REQUIRE(link.starts_with("</users/?"));
    CHECK(link.ends_with(">; rel=\"next\""));
    CHECK(link.find("limit=2") != std::string::npos);

    const auto second = http.get(link.substr(1, link.find('>') - 1));
    CHECK(ids_of(second) == "3 4 ");
    const auto next = second.header("Link");
    const auto last = http.get(next.substr(1, next.find('>') - 1));
    CHECK(ids_of(last) == "5 ");
    CHECK(last.header("Link").empty());
    CHECK(http.get("/users/?limit=5").header("Link").empty());
}

TEST_CASE("users are found by name, address and ids, and by the beginning of a name or address") {
    deployment server;
    for (const auto* name : {"ann", "anna", "bob", "100%", "1000"})
        server.create_user(name);
    auto& http = server.http();

    CHECK(ids_of(http.get("/users/?username=ANN")) == "1 ");
    CHECK(ids_of(http.get("/users/?email=Bob@example.com")) == "3 ");
    CHECK(ids_of(http.get("/users/?search=AN")) == "1 2 ");
    CHECK(ids_of(http.get("/users/?search=100%25")) == "4 ");
    CHECK(ids_of(http.get("/users/?search=_nn")) == "");
    CHECK(ids_of(http.get("/users/?ids=3,1,77,3")) == "1 3 ");
    CHECK(ids_of(http.get("/users/?ids=1,2,3&limit=2")) == "1 2 ");
    CHECK(ids_of(http.get("/users/?username=nobody")) == "");

    std::string many = "1";
    for (int i = 2; i <= 400; ++i)
        many += "," + std::to_string(i);
    CHECK(ids_of(http.get("/users/?ids=" + many)) == "1 2 3 4 5 ");
    CHECK(faults_of(http.get("/users/?ids=" + many + ",401"), 400) == "ids: must not have more than 400 ids\n");
}

TEST_CASE("the link to the next page of a search contains the text that is searched for") {
    deployment server;
    for (const auto* name : {"a&b 1", "a&b 2", "a&b 3"})
        CHECK(server.http()
                  .post("/users/", {{"username", name}, {"email", std::string{name}.substr(4) + "@example.com"}})
                  .status == 201);
    const auto page = server.http().get("/users/?search=a%26b+&limit=2");
    CHECK(ids_of(page) == "1 2 ");
    const auto link = page.header("Link");
    CHECK(ids_of(server.http().get(link.substr(1, link.find('>') - 1))) == "3 ");
}
