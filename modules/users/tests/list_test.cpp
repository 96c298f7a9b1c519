#include "users_process.hpp"

#include <entity/list.hpp>
#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::users;
using http::status;

namespace {

/// The ids in a list, in its order.
std::vector<std::int64_t> ids(const support::module_answer& a) {
    std::vector<std::int64_t> all;
    const auto list = a.json();
    for (const auto& user : list.as_array())
        all.push_back(user.at("id").as_int64());
    return all;
}

using numbers = std::vector<std::int64_t>;

} // namespace

TEST_CASE("an empty list of users is an empty array") {
    users_process process;
    const auto all = process.get("/users/");
    CHECK(all.status == status::ok);
    CHECK(all.body == "[]");
    CHECK(all.header("Link").empty());
}

TEST_CASE("a user in a list has the same JSON as in the response to GET of this user") {
    users_process process;
    process.create("ann");
    process.create("bob");
    CHECK(process.get("/users/").body == "[" + process.get("/users/1").body + "," + process.get("/users/2").body + "]");
}

TEST_CASE("each page of users, except the last, links to the next page") {
    users_process process;
    for (int i = 1; i <= 5; ++i)
        process.create("user" + std::to_string(i));

    const auto first = process.get("/users/?limit=2");
    CHECK(ids(first) == numbers{1, 2});
    CHECK(first.header("Link") == "</users/?limit=2&after=" + entity::to_cursor(2) + ">; rel=\"next\"");
    const auto second = process.get("/users/?limit=2&after=" + entity::to_cursor(2));
    CHECK(ids(second) == numbers{3, 4});
    const auto third = process.get("/users/?limit=2&after=" + entity::to_cursor(4));
    CHECK(ids(third) == numbers{5});
    CHECK(third.header("Link").empty());

    SECTION("a page that ends with the last user has no next page") {
        CHECK(process.get("/users/?limit=5").header("Link").empty());
    }
    SECTION("users that are deleted between two pages leave no gap in the second page") {
        process.remove("/users/3");
        CHECK(ids(process.get("/users/?limit=2&after=" + entity::to_cursor(2))) == numbers{4, 5});
    }
}

TEST_CASE("a page has 100 users by default") {
    users_process process;
    for (int i = 1; i <= 101; ++i)
        process.create("user" + std::to_string(i));
    const auto page = process.get("/users/");
    CHECK(ids(page).size() == 100);
    CHECK(page.header("Link") == "</users/?after=" + entity::to_cursor(100) + ">; rel=\"next\"");
    CHECK(ids(process.get("/users/?limit=1000")).size() == 101);
}

TEST_CASE("the filters username and email find a user by the whole name or address, ignoring case") {
    users_process process;
    process.create("ann");
    process.create("bob");
    CHECK(ids(process.get("/users/?username=ANN")) == numbers{1});
    CHECK(ids(process.get("/users/?email=Bob@EXAMPLE.com")) == numbers{2});
    CHECK(ids(process.get("/users/?username=ann&email=ann@example.com")) == numbers{1});
    CHECK(ids(process.get("/users/?username=ann&email=bob@example.com")).empty());
    CHECK(ids(process.get("/users/?username=an")).empty());
    CHECK(ids(process.get("/users/?username=ann&after=" + entity::to_cursor(1))).empty());
}

TEST_CASE("a search finds names and addresses by their beginning, without wildcards") {
    users_process process;
    process.post("/users/", R"({"username":"Ann","email":"zoe@example.com"})");
    process.post("/users/", R"({"username":"bob","email":"ANNA@example.com"})");
    process.post("/users/", R"({"username":"joann","email":"x@example.com"})");
    process.post("/users/", R"({"username":"a%b_c","email":"y@example.com"})");
    process.post("/users/", R"({"username":"ann2","email":"ann2@example.com"})");
    CHECK(ids(process.get("/users/?search=ann")) ==
          numbers{1, 5, 2}); // matches by name, then users with only a matching address
    CHECK(ids(process.get("/users/?search=ANN")) == numbers{1, 5, 2});
    CHECK(ids(process.get("/users/?search=a%25")) == numbers{4});
    CHECK(ids(process.get("/users/?search=a_n")).empty());
    CHECK(ids(process.get("/users/?search=")) == numbers{1, 2, 3, 4, 5});
    CHECK(ids(process.get("/users/?search=ann&username=bob")) == numbers{2});
    CHECK(ids(process.get("/users/?search=x&username=bob")).empty());

    SECTION("the pages show each user once, even if both the name and the address match") {
        const auto first = process.get("/users/?search=ann&limit=2");
        CHECK(ids(first) == numbers{1, 5});
        const auto second = process.get(first.next_page());
        CHECK(ids(second) == numbers{2});
        CHECK(second.header("Link").empty());

        const auto name = process.get("/users/?search=ann&limit=1");
        CHECK(ids(process.get(name.next_page())) == numbers{5});
    }
}

TEST_CASE("a search finds a name in which the last code point of Unicode follows the text that is searched for") {
    users_process process;
    process.post("/users/", R"({"username":"ann","email":"a@example.com"})");
    REQUIRE(
        support::run(process.store("users").write([](storage::transaction& t) -> result<> { // older versions allowed this name
            t.execute("UPDATE users_account SET username = ?1 WHERE id = 1", "ann\U0010FFFF\U0010FFFF");
            return {};
        })));
    process.post("/users/", R"({"username":"ann@","email":"b@example.com"})");
    process.post("/users/", R"({"username":"anna","email":"c@example.com"})");
    CHECK(ids(process.get("/users/?search=ann")) == numbers{2, 3, 1});
    CHECK(ids(process.get("/users/?search=ann%40")) == numbers{2});
}

TEST_CASE("a list of users is sorted as requested, in both directions, page by page") {
    users_process process;
    process.post("/users/", R"({"username":"bob","email":"y@example.com"})");
    process.post("/users/", R"({"username":"Ann","email":"z@example.com"})");
    process.post("/users/", R"({"username":"carl","email":"X@example.com"})");
    for (const auto& [sort, expected] : std::vector<std::pair<std::string, numbers>>{{"id", {1, 2, 3}},
                                                                                     {"-id", {3, 2, 1}},
                                                                                     {"username", {2, 1, 3}},
                                                                                     {"-username", {3, 1, 2}},
                                                                                     {"email", {3, 1, 2}},
                                                                                     {"-email", {2, 1, 3}}}) {
        INFO(sort);
        CHECK(ids(process.get("/users/?sort=" + sort)) == expected);
        numbers seen;
        for (auto path = "/users/?limit=1&sort=" + sort; !path.empty();) {
            const auto page = process.get(path);
            seen.push_back(ids(page).at(0));
            path = page.next_page();
        }
        CHECK(seen == expected);
    }
}

TEST_CASE("a cursor of a list in one sort order is refused by a list in another sort order") {
    users_process process;
    process.create("ann");
    process.create("anton");
    const auto cursor = [&](const std::string& query) {
        const auto path = process.get("/users/?limit=1&" + query).next_page();
        return path.substr(path.find("after=") + 6);
    };
    for (const std::string order : {"sort=id", "sort=-id", "sort=username", "sort=-username", "sort=email", "search=an"})
        for (const std::string other : {"sort=id", "sort=-id", "sort=username", "sort=-username", "sort=email", "search=an"}) {
            INFO(order << " and " << other);
            const auto expected = order == other ? status::ok : status::bad_request;
            CHECK(process.get("/users/?" + other + "&after=" + cursor(order)).status == expected);
        }
}

TEST_CASE("a list of users is refused if the requested sort order is not available") {
    users_process process;
    const auto unknown = process.get("/users/?sort=order_count");
    CHECK(unknown.status == status::bad_request);
    CHECK(unknown.body.find("must be id, username or email, with - before it for descending") != std::string::npos);
    CHECK(process.get("/users/?sort=id&search=a").status == status::bad_request);
    CHECK(process.get("/users/?sort=").status == status::bad_request);
    CHECK(process.get("/users/?sort=--id").status == status::bad_request);
}

TEST_CASE("the parameter ids selects users, each of them once, in ascending order") {
    users_process process;
    for (const auto* name : {"ann", "bob", "cat", "dan"})
        process.create(name);
    CHECK(ids(process.get("/users/?ids=3,1,3,99")) == numbers{1, 3});
    CHECK(ids(process.get("/users/?ids=3,1&username=cat")) == numbers{3});
    CHECK(ids(process.get("/users/?ids=1,2,3,4&search=b")) == numbers{2});
    const auto page = process.get("/users/?ids=1,2,3&limit=2");
    CHECK(ids(page) == numbers{1, 2});
    CHECK(page.header("Link") == "</users/?ids=1,2,3&limit=2&after=" + entity::to_cursor(2) + ">; rel=\"next\"");
    CHECK(ids(process.get("/users/?ids=1,2,3&limit=2&after=" + entity::to_cursor(2))) == numbers{3});
}

TEST_CASE("the parameter ids accepts up to 400 ids") {
    users_process process;
    std::string numbers;
    for (int i = 1; i <= 150; ++i)
        process.create("user" + std::to_string(i));
    for (int i = 1; i <= 400; ++i)
        numbers += (i > 1 ? "," : "") + std::to_string(i);
    const auto all = process.get("/users/?ids=" + numbers);
    CHECK(ids(all).size() == 150);
    CHECK(all.header("Link").empty());
    CHECK(process.get("/users/?ids=" + numbers + ",401").status == status::bad_request);
}

TEST_CASE("an invalid query parameter of a list of users is refused with an error that names the parameter") {
    users_process process;
    for (const auto& [query, name] : std::vector<std::pair<std::string, std::string>>{{"limit=0", "limit"},
                                                                                      {"limit=1001", "limit"},
                                                                                      {"limit=ten", "limit"},
                                                                                      {"after=1", "after"},
                                                                                      {"ids=1,,2", "ids"},
                                                                                      {"ids=", "ids"},
                                                                                      {"name=ann", "name"},
                                                                                      {"username=a&username=b", "username"}}) {
        const auto refused = process.get("/users/?" + query);
        CHECK(refused.status == status::bad_request);
        CHECK(refused.body.find("\"" + name + "\"") != std::string::npos);
    }
}
