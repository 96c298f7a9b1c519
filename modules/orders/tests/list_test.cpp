#include "orders_fixture.hpp"

#include <entity/list.hpp>
#include <http/memory_budget.hpp>
#include <support/catch.hpp>

#include <chrono>

using namespace atrium;
using namespace atrium::orders;
using http::status;

namespace {

/// The orders by id: 1 tea, 3 Teapot (cancelled) and 5 milk of Ann; 2 tea (fulfilled) and 4 coffee of bob.
struct filled_fixture : orders_fixture {
    filled_fixture() {
        create_user("Ann");
        create_user("bob");
        place("ann", "tea");
        place("bob", "tea");
        place("ann", "Teapot");
        place("bob", "coffee");
        place("ann", "milk");
        patch("/orders/2", R"({"status":"fulfilled"})");
        patch("/orders/3", R"({"status":"cancelled"})");
    }
};

} // namespace

TEST_CASE("an empty list of orders is an empty array") {
    orders_fixture process;
    CHECK(process.get("/orders/").body == "[]");
    CHECK(process.get("/orders/?user=ann").body == "[]");
}

TEST_CASE("an order in a list has the same JSON as in the response to GET of this order") {
    filled_fixture process;
    CHECK(process.get("/orders/?limit=2").body ==
          "[" + process.get("/orders/1").body + "," + process.get("/orders/2").body + "]");
}

TEST_CASE("a list is sorted as requested, or by product name and then id if it is filtered by a product name prefix") {
    filled_fixture process;
    process.place("ann", "tea");
    CHECK(ids(process.get("/orders/?product_name=te")) == numbers{1, 2, 6, 3});
    CHECK(ids(process.get("/orders/?sort=product_name")) == numbers{4, 5, 1, 2, 6, 3});
    CHECK(ids(process.get("/orders/?sort=-product_name")) == numbers{3, 6, 2, 1, 5, 4});
    CHECK(ids(process.get("/orders/?sort=status&user=ann")) == numbers{1, 5, 6, 3});
    CHECK(process.get("/orders/?sort=id&product_name=te").status == status::bad_request);
    CHECK(process.get("/orders/?sort=quantity").status == status::bad_request);
}

TEST_CASE("a list of orders can be filtered by user, status, beginning of the product name, and ids") {
    filled_fixture process;
    CHECK(ids(process.get("/orders/")) == numbers{1, 2, 3, 4, 5});
    CHECK(ids(process.get("/orders/?user=ANN")) == numbers{1, 3, 5});
    CHECK(ids(process.get("/orders/?user=an")).empty());
    CHECK(ids(process.get("/orders/?status=placed")) == numbers{1, 4, 5});
    CHECK(ids(process.get("/orders/?product_name=TEA")) == numbers{1, 2, 3});
    CHECK(ids(process.get("/orders/?product_name=ea")).empty());
    CHECK(ids(process.get("/orders/?product_name=%25")).empty());
    CHECK(ids(process.get("/orders/?product_name=")) == numbers{1, 2, 3, 4, 5});
    CHECK(ids(process.get("/orders/?ids=5,2,2,99")) == numbers{2, 5});
}

TEST_CASE("a list with several filters contains only the orders that match all of them") {
    filled_fixture process;
    CHECK(ids(process.get("/orders/?user=ann&status=placed")) == numbers{1, 5});
    CHECK(ids(process.get("/orders/?user=ann&product_name=tea")) == numbers{1, 3});
    CHECK(ids(process.get("/orders/?user=ann&product_name=tea&status=cancelled")) == numbers{3});
    CHECK(ids(process.get("/orders/?status=fulfilled&product_name=tea")) == numbers{2});
    CHECK(ids(process.get("/orders/?ids=1,2,3&user=bob")) == numbers{2});
    CHECK(ids(process.get("/orders/?ids=1,2,3&status=placed")) == numbers{1});
    CHECK(ids(process.get("/orders/?ids=1,2,5&product_name=tea")) == numbers{1, 2});
}

TEST_CASE("each page of a list of orders, except the last, links to the next page, whatever the filter is") {
    filled_fixture process;
    for (const auto& [query, expected] : std::vector<std::pair<std::string, numbers>>{{"", {1, 2, 3, 4, 5}},
                                                                                      {"user=ann&", {1, 3, 5}},
                                                                                      {"status=placed&", {1, 4, 5}},
                                                                                      {"product_name=tea&", {1, 2, 3}},
                                                                                      {"ids=1,2,4&", {1, 2, 4}}}) {
        numbers seen;
        auto path = "/orders/?" + query + "limit=1";
        for (std::size_t pages = 0; pages < expected.size(); ++pages) {
            const auto page = process.get(path);
            const auto page_ids = ids(page);
            REQUIRE(page_ids.size() == 1);
            seen.push_back(page_ids.front());
            path = page.next_page();
            CHECK(path.empty() == (pages + 1 == expected.size()));
        }
        CHECK(seen == expected);
    }
}

TEST_CASE("an invalid query parameter of a list of orders is refused with an error that names the parameter") {
    orders_fixture process;
    for (const auto& [query, name] : std::vector<std::pair<std::string, std::string>>{{"status=lost", "status"},
                                                                                      {"limit=0", "limit"},
                                                                                      {"after=x", "after"},
                                                                                      {"ids=a", "ids"},
                                                                                      {"username=ann", "username"}}) {
        const auto refused = process.get("/orders/?" + query);
        CHECK(refused.status == status::bad_request);
        CHECK(refused.body.find("\"" + name + "\"") != std::string::npos);
    }
}

TEST_CASE("a list is read only if there is memory for its response, and the memory is released with the response") {
    filled_fixture process;
    for (int i = 0; i < 300; ++i)
        process.place("ann", std::string(100, 'x'));
    http::memory_budget budget{1024 * 1024, std::chrono::milliseconds{10}};
    http::request list_request{.method = http::verb::get,
                               .target = "/orders/?limit=1000",
                               .path = "/orders",
                               .query = "limit=1000",
                               .headers = {},
                               .body = {},
                               .memory = &budget};
    const auto send_request = [&] { return support::run(process.routes().find(list_request).found->handler(list_request)); };

    auto other_requests = http::memory_lease{budget.share(http::memory_use::incoming)};
    other_requests.resize(600 * 1024);
    const auto refused = send_request();
    CHECK(refused.status == status::service_unavailable);
    CHECK(refused.headers.front() == std::pair<std::string_view, std::string>{"Retry-After", "1"});

    other_requests.resize(0);
    {
        const auto answer = send_request();
        CHECK(answer.status == status::ok);
        CHECK(answer.body.size() > http::memory_budget::max_small);
        CHECK(budget.used() == answer.body.size());
    }
    CHECK(budget.used() == 0);
}
