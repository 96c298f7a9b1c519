#include "orders_fixture.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::orders;

TEST_CASE("the description of the orders module contains its name, migrations and subscriptions") {
    const auto description = describe();
    CHECK(description.name == "orders");
    CHECK_FALSE(description.migrations.empty());
    REQUIRE(description.subscriptions.size() == 2);
    CHECK(description.subscriptions[0].name == "orders.user_names");
    CHECK(description.subscriptions[1].name == "orders.user_departure");
}

TEST_CASE("placing an order fails with 503 and Retry-After while the directory of users is unavailable") {
    class unavailable_directory final : public users::directory {
    public:
        awaitable<result<users::user_summary>> find_user_by_name(std::string_view, const call& /*caller*/) override {
            co_return error{
                .code = errc::unavailable, .detail = "users does not answer", .retry_after = std::chrono::seconds{1}};
        }
        awaitable<result<std::vector<std::optional<users::user_summary>>>> find_users(std::span<const users::user_id>,
                                                                                      const call& /*caller*/) override {
            co_return error{.code = errc::unavailable, .detail = "users does not answer"};
        }
    } directory;
    support::module_process process{{orders::describe()}};
    orders::module orders{process.context("orders"), directory};
    process.start(orders);

    const auto refused = process.post("/orders/", R"({"username":"ann","product_name":"tea"})");
    CHECK(refused.status == http::status::service_unavailable);
    CHECK(refused.header("Retry-After") == "1");
    process.stop();
}
