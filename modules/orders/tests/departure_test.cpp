#include "service.hpp"
#include "shop.hpp"
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

/// Returns the state of a user at an earlier time.
class stale_directory final : public users::directory {
public:
    explicit stale_directory(users::user_summary known) : known_{std::move(known)} {}
    awaitable<result<users::user_summary>> find_user_by_name(std::string_view, const call& /*by*/) override {
        co_return known_;
    }
    awaitable<result<std::vector<std::optional<users::user_summary>>>> find_users(std::span<const user_id> ids,
                                                                                  const call& /*by*/) override {
        co_return std::vector<std::optional<users::user_summary>>(ids.size(), known_);
    }

private:
    users::user_summary known_;
};

void place_many(orders_fixture& here, user_id user, int count) {
    support::run(here.store("orders").write([&](storage::transaction& t) -> result<> {
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

std::int64_t rows_of(orders_fixture& here, std::string_view sql) {
    return support::run(here.store("orders").read(
                            [&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(0); }))
        .value();
}

} // namespace

TEST_CASE("a user's orders are deleted with the user, with one event for each") {
    orders_fixture here;
    here.create_user("ann");
    here.create_user("bob");
    here.place("ann", "tea");
    here.place("bob", "tea");
    here.place("ann", "milk");
    here.remove("/users/1");
    here.settle();

    CHECK(ids(here.get("/orders/")) == numbers{2});
    const auto published = here.published(order_deleted);
    REQUIRE(published.size() == 2);
    CHECK(summary_of(published[0]) == "order 1 of ann: 1 tea, placed, revision 2");
    CHECK(published[1].key == "order/3");
    CHECK(published[1].traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");
    CHECK(here.dead_letters() == 0);
    CHECK(here.get("/users/2").json().at("order_count") == 1);
}

TEST_CASE("all orders of a deleted user are removed if they take more than one commit") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    place_many(here, {1}, 1199);
    here.remove("/users/1");
    here.settle();

    CHECK(rows_of(here, "SELECT count(*) FROM orders_order") == 0);
    const auto published = here.published(order_deleted);
    CHECK(published.size() == 1200);
    std::set<std::string> keys;
    for (const auto& e : published)
        keys.insert(e.key);
    CHECK(keys.size() == 1200);
}

TEST_CASE("the tombstone of a deleted user keeps nothing but the id") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.remove("/users/1");
    here.settle();
    CHECK(rows_of(here, "SELECT count(*) FROM orders_user") == 1);
    CHECK(rows_of(here, "SELECT count(*) FROM orders_user WHERE id = 1 AND deleted = 1 AND username IS NULL") == 1);
}

TEST_CASE("an order whose user is deleted while it is being placed is refused") {
    orders_fixture here;
    here.create_user("ann");
    stale_directory outdated{support::run(here.users.directory().find_user_by_name("ann", call{})).value()};
    here.remove("/users/1");
    here.settle(); // orders did not know ann before, but writes a tombstone

    service late{{here.store("orders"), here.bus(), here.time()}, outdated};
    const auto refused = place_tea_for_ann(late);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::invalid);
    REQUIRE(refused.error().faults.size() == 1);
    CHECK(refused.error().faults[0].pointer == "/username");
    CHECK(here.published(order_created).empty());
    CHECK(rows_of(here, "SELECT count(*) FROM orders_order") == 0);
}

TEST_CASE("an order that is placed after its user was deleted, but before the event arrives, is removed") {
    orders_fixture here;
    here.create_user("ann");
    stale_directory outdated{support::run(here.users.directory().find_user_by_name("ann", call{})).value()};
    service late{{here.store("orders"), here.bus(), here.time()}, outdated};
    REQUIRE(place_tea_for_ann(late));
    here.remove("/users/1");
    here.settle();
    CHECK(ids(here.get("/orders/")).empty());
}

TEST_CASE("a late event does not bring a deleted user back") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.remove("/users/1");
    here.settle();
    here.publish(user_event(users::user_updated, 1, "ghost", 1000));
    here.settle();
    CHECK(rows_of(here, "SELECT count(*) FROM orders_user WHERE deleted = 0") == 0);
    CHECK(here.dead_letters() == 0);
}

TEST_CASE("the orders of a user that is being deleted are hidden at once, before they are removed") {
    orders_fixture here;
    here.create_user("ann");
    here.create_user("bob");
    here.place("ann", "tea");
    here.place("bob", "tea");
    support::run(here.store("orders").write([](storage::transaction& t) -> result<> {
        user_table::write_tombstone(t, {1});
        return {};
    })).value();

    CHECK(here.get("/orders/1").status == status::not_found);
    CHECK(here.patch("/orders/1", R"({"quantity":2})").status == status::not_found);
    CHECK(here.remove("/orders/1").status == status::not_found);
    for (const auto* query : {"", "?status=placed", "?product_name=t", "?product_name=t&limit=1", "?ids=1,2"}) {
        const auto page = here.get(std::string{"/orders/"} + query);
        CHECK(ids(page) == numbers{2});
        CHECK(page.header("Link").empty());
    }
    CHECK(ids(here.get("/orders/?user=ann")).empty());
}

TEST_CASE("an interrupted removal of a user's orders is resumed") {
    orders_fixture here;
    here.create_user("ann");
    here.place("ann", "tea");
    here.publish(user_event(users::user_deleted, 1, "ann", 2));
    here.publish(user_event(users::user_deleted, 1, "ann", 2));
    here.settle();
    CHECK(here.published(order_deleted).size() == 1);
    CHECK(here.dead_letters() == 0);
}
