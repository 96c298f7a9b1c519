#include "orders_fixture.hpp"
#include "service.hpp"
#include "user_table.hpp"

#include <input/reader.hpp>
#include <orders/events.hpp>
#include <support/catch.hpp>
#include <users/events.hpp>

#include <set>

using namespace atrium;
using namespace atrium::orders;
using http::status;

namespace {

/// A directory that always returns the same earlier state of one user.
class stale_directory final : public users::directory {
public:
    explicit stale_directory(users::user_summary user) : user_{std::move(user)} {}
    awaitable<result<users::user_summary>> find_user_by_name(std::string_view, const call& /*caller*/) override {
        co_return user_;
    }
    awaitable<result<std::vector<std::optional<users::user_summary>>>> find_users(std::span<const user_id> ids,
                                                                                  const call& /*caller*/) override {
        co_return std::vector<std::optional<users::user_summary>>(ids.size(), user_);
    }

private:
    users::user_summary user_;
};

void place_many(orders_fixture& process, user_id user, int count) {
    support::run(process.store("orders").write([&](storage::transaction& t) -> result<> {
        for (int i = 0; i < count; ++i)
            t.execute("INSERT INTO orders_order (user_id, product_name, quantity, status, created_at, updated_at) "
                      "VALUES (?1, 'tea', 1, 0, 0, 0)",
                      user);
        return {};
    })).value();
}

result<order> place_tea_for_ann(service& orders) {
    input::reader body{input::source::json, input::read_json(R"({"username":"ann","product_name":"tea"})").value()};
    return support::run(orders.create(body, call{}));
}

std::int64_t count_rows(orders_fixture& process, std::string_view sql) {
    return support::run(process.store("orders").read(
                            [&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(0); }))
        .value();
}

} // namespace

TEST_CASE("the orders of a deleted user are deleted, with one event for each order") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("ann", "tea");
    process.place("bob", "tea");
    process.place("ann", "milk");
    process.remove("/users/1");
    process.settle();

    CHECK(ids(process.get("/orders/")) == numbers{2});
    const auto published = process.published(order_deleted);
    REQUIRE(published.size() == 2);
    CHECK(summary_of(published[0]) == "order 1 of ann: 1 tea, placed, revision 2");
    CHECK(published[1].key == "order/3");
    CHECK(published[1].traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
    CHECK(process.dead_letters() == 0);
    CHECK(process.get("/users/2").json().at("order_count") == 1);
}

TEST_CASE("all orders of a deleted user are removed, even if this takes more than one commit") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    place_many(process, {1}, 1199);
    process.remove("/users/1");
    process.settle();

    CHECK(count_rows(process, "SELECT count(*) FROM orders_order") == 0);
    const auto published = process.published(order_deleted);
    CHECK(published.size() == 1200);
    std::set<std::string> keys;
    for (const auto& e : published)
        keys.insert(e.key);
    CHECK(keys.size() == 1200);
}

TEST_CASE("the tombstone of a deleted user keeps only the id") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.remove("/users/1");
    process.settle();
    CHECK(count_rows(process, "SELECT count(*) FROM orders_user") == 1);
    CHECK(count_rows(process, "SELECT count(*) FROM orders_user WHERE id = 1 AND deleted = 1 AND username IS NULL") == 1);
}

TEST_CASE("an order is refused if its user is deleted while the order is being placed") {
    orders_fixture process;
    process.create_user("ann");
    stale_directory directory{support::run(process.users.directory().find_user_by_name("ann", call{})).value()};
    process.remove("/users/1");
    process.settle(); // the orders module has no row for ann, because she has no order; it writes a tombstone nevertheless

    service orders{{process.store("orders"), process.bus(), process.time()}, directory};
    const auto refused = place_tea_for_ann(orders);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid);
    REQUIRE(refused.error().faults.size() == 1);
    CHECK(refused.error().faults[0].pointer == "/username");
    CHECK(process.published(order_created).empty());
    CHECK(count_rows(process, "SELECT count(*) FROM orders_order") == 0);
}

TEST_CASE("an order that is placed after its user was deleted, but before user_deleted arrives, is removed") {
    orders_fixture process;
    process.create_user("ann");
    stale_directory directory{support::run(process.users.directory().find_user_by_name("ann", call{})).value()};
    service orders{{process.store("orders"), process.bus(), process.time()}, directory};
    REQUIRE(support::run(process.store("users").write([](storage::transaction& t) -> result<> { // without publishing the event
        t.execute("DELETE FROM users_account WHERE id = 1");
        return {};
    })));
    REQUIRE(place_tea_for_ann(orders));
    process.publish(user_event(users::user_deleted, 1, "ann", 2));
    process.settle();
    CHECK(ids(process.get("/orders/")).empty());
}

TEST_CASE("a user_updated event that arrives after user_deleted does not restore the deleted user") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.remove("/users/1");
    process.settle();
    process.publish(user_event(users::user_updated, 1, "ghost", 1000));
    process.settle();
    CHECK(count_rows(process, "SELECT count(*) FROM orders_user WHERE deleted = 0") == 0);
    CHECK(process.dead_letters() == 0);
}

TEST_CASE("once a deleted user's tombstone is written, the user's orders are hidden, even before they are removed") {
    orders_fixture process;
    process.create_user("ann");
    process.create_user("bob");
    process.place("ann", "tea");
    process.place("bob", "tea");
    support::run(process.store("orders").write([](storage::transaction& t) -> result<> {
        user_table::write_tombstone(t, {1});
        return {};
    })).value();

    CHECK(process.get("/orders/1").status == status::not_found);
    CHECK(process.patch("/orders/1", R"({"quantity":2})").status == status::not_found);
    CHECK(process.remove("/orders/1").status == status::not_found);
    for (const auto* query : {"", "?status=placed", "?product_name=t", "?product_name=t&limit=1", "?ids=1,2"}) {
        const auto page = process.get(std::string{"/orders/"} + query);
        CHECK(ids(page) == numbers{2});
        CHECK(page.header("Link").empty());
    }
    CHECK(ids(process.get("/orders/?user=ann")).empty());
}

TEST_CASE("a second user_deleted event about the same user removes and publishes nothing") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.publish(user_event(users::user_deleted, 1, "ann", 2));
    process.publish(user_event(users::user_deleted, 1, "ann", 2));
    process.settle();
    CHECK(process.published(order_deleted).size() == 1);
    CHECK(process.dead_letters() == 0);
}
