#include "order.hpp"
#include "orders_fixture.hpp"

#include <orders/events.hpp>
#include <support/catch.hpp>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include <string>

using namespace atrium;
using namespace atrium::orders;
using http::status;

namespace {

/// The errors in a 422 response, as lines of the form "pointer: detail".
std::string faults_of(const support::module_answer& refused) {
    CHECK(refused.status == status::unprocessable_entity);
    std::string lines;
    const auto answer = refused.json();
    for (const auto& fault : answer.at("errors").as_array())
        lines.append(fault.at("pointer").as_string()).append(": ").append(fault.at("detail").as_string()).append("\n");
    return lines;
}

/// A valid value for a field, different from `current`.
boost::json::value other_value(const entity::field_info& field, const boost::json::value& current) {
    switch (field.type->kind) {
    case entity::kind::text: return "other";
    case entity::kind::boolean: return !current.as_bool();
    case entity::kind::time: return "2027-01-01T00:00:00.000Z";
    case entity::kind::enumeration: return boost::json::string{field.type->enumeration->words.back()};
    case entity::kind::id:
    case entity::kind::integer: break;
    }
    return current == field.change->max ? field.change->min : field.change->max;
}

} // namespace

TEST_CASE("placing an order returns its location, publishes an event and increases the user's order count") {
    orders_fixture process;
    process.create_user("Ann");
    const auto placed = process.post("/orders/", R"({"username":"ann","product_name":"tea"})");
    CHECK(placed.status == status::created);
    CHECK(placed.header("Location") == "/orders/1");
    CHECK(placed.header("ETag") == "\"1-1\"");
    CHECK(placed.json().at("message") == "Order created successfully");
    CHECK(placed.json().at("order") == process.get("/orders/1").json());

    const auto published = process.published(order_created);
    REQUIRE(published.size() == 1);
    CHECK(published[0].key == "order/1");
    CHECK(summary_of(published[0]) == "order 1 of Ann: 1 tea, placed, revision 1");
    CHECK(published[0].traceparent.substr(3, 32) == "0123456789abcdef0123456789abcdef");

    process.settle();
    CHECK(process.get("/users/1").json().at("order_count") == 1);
}

TEST_CASE("an order can be placed with a form") {
    orders_fixture process;
    process.create_user("ann");
    const auto placed = process.send(http::verb::post, "/orders/", "username=ann&product_name=green+tea&quantity=12",
                                     {{"Content-Type", "application/x-www-form-urlencoded"}});
    CHECK(placed.status == status::created);
    CHECK(placed.json().at("order").at("product_name") == "green tea");
    CHECK(placed.json().at("order").at("quantity") == 12);
}

TEST_CASE("an order for an unknown user is refused with an error at /username") {
    orders_fixture process;
    const auto refused = process.post("/orders/", R"({"username":"bob","product_name":"tea"})");
    CHECK(refused.status == status::unprocessable_entity);
    CHECK(refused.json().at("errors") ==
          boost::json::array{{{"pointer", "/username"}, {"detail", "is not the name of a user"}}});
    CHECK(process.published().empty());
}

TEST_CASE("if a new order is refused, the response lists all errors") {
    orders_fixture process;
    CHECK(faults_of(process.post("/orders/", R"({"product_name":"","quantity":0,"color":"red"})")) ==
          "/product_name: must have 1 to 100 characters\n/quantity: must be between 1 and 1000000\n"
          "/color: is not a known field\n/username: is required\n");
    CHECK(faults_of(process.post("/orders/", R"({"username":"bob","product_name":"tea","quantity":0})")) ==
          "/username: is not the name of a user\n/quantity: must be between 1 and 1000000\n");
    CHECK(faults_of(process.post("/orders/", R"({"quantity":1.5,"username":"bob"})")) ==
          "/quantity: must be an integer\n/username: is not the name of a user\n/product_name: is required\n");
    CHECK(faults_of(process.post("/orders/", R"({"username":7,"product_name":"tea"})")) == "/username: must be a string\n");
    CHECK(faults_of(process.post("/orders/", R"({"username":"","product_name":""})")) ==
          "/username: is not the name of a user\n/product_name: must have 1 to 100 characters\n");

    process.create_user("ann");
    CHECK(faults_of(process.post("/orders/", R"({"username":"ann","product_name":"tea","quantity":0})")) ==
          "/quantity: must be between 1 and 1000000\n");
    for (const auto* quantity : {"0", "1000001", "1.5", "\"1\"", "null", "1e30"})
        CHECK(process.post("/orders/", std::string{R"({"username":"ann","product_name":"tea","quantity":)"} + quantity + "}")
                  .status == status::unprocessable_entity);
    CHECK(process.post("/orders/", R"({"username":"ann","product_name":"tea","quantity":1000000})").status == status::created);
}

TEST_CASE("a product name that is blank or has invisible characters is refused") {
    orders_fixture process;
    process.create_user("ann");
    const auto fault_of = [&](const std::string& product) {
        return faults_of(process.post("/orders/", R"({"username":"ann","product_name":")" + product + R"("})"));
    };
    CHECK(fault_of("   ") == "/product_name: must have a visible character\n");
    CHECK(fault_of(R"(\u2800)") == "/product_name: must have a visible character\n");
    CHECK(fault_of(R"(t\u200bea)") == "/product_name: must not contain U+200B, which is invisible\n");
    CHECK(process.published(order_created).empty());
}

TEST_CASE("GET returns an order with an ETag, and 304 to a client that has it") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    const auto answer = process.get("/orders/1");
    CHECK(answer.status == status::ok);
    CHECK(answer.json().at("product_name") == "tea");
    CHECK(answer.header("ETag") == "\"1-1\"");
    CHECK(process.get("/orders/1", {{"If-None-Match", "W/\"1-1\""}}).status == status::not_modified);
    CHECK(process.get("/orders/1", {{"If-Match", "\"1-2\""}}).status == status::precondition_failed);
    CHECK(process.get("/orders/2").status == status::not_found);
    CHECK(process.get("/orders/1?x=1").status == status::bad_request);
}

TEST_CASE("PATCH of an order increases its revision, sets updated_at and publishes an event") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    process.time().advance(std::chrono::seconds{5});

    const auto changed = process.patch("/orders/1", R"({"quantity":3,"status":"fulfilled"})");
    CHECK(changed.status == status::ok);
    CHECK(changed.header("ETag") == "\"2-1\"");
    CHECK(changed.json().at("quantity") == 3);
    CHECK(changed.json().at("status") == "fulfilled");
    CHECK(changed.json().at("updated_at") == "2026-11-22T12:00:05.000Z");
    CHECK(process.get("/orders/1").body == changed.body);

    const auto published = process.published(order_updated);
    REQUIRE(published.size() == 1);
    CHECK(summary_of(published[0]) == "order 1 of ann: 3 tea, fulfilled, revision 2");
}

TEST_CASE("PATCH with the same values changes nothing") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    CHECK(process.patch("/orders/1", R"({"status":"cancelled"})").status == status::ok);
    for (const auto* same : {"{}", R"({"quantity":1})", R"({"status":"cancelled"})"}) {
        const auto answer = process.patch("/orders/1", same);
        CHECK(answer.status == status::ok);
        CHECK(answer.header("ETag") == "\"2-1\"");
    }
    CHECK(process.published(order_updated).size() == 1);
}

TEST_CASE("neither the status nor the quantity of an order that is fulfilled or cancelled can change") {
    orders_fixture process;
    process.create_user("ann");
    for (const std::string last : {"fulfilled", "cancelled"}) {
        const auto path = "/orders/" + std::to_string(process.place("ann", "tea"));
        process.patch(path, R"({"status":")" + last + R"("})");
        for (const std::string other : {"placed", "fulfilled", "cancelled"})
            if (other != last) {
                const auto refused = process.patch(path, R"({"status":")" + other + R"("})");
                CHECK(refused.status == status::conflict);
                CHECK(refused.json().at("errors").at(0).at("pointer") == "/status");
            }
        const auto refused = process.patch(path, R"({"quantity":2})");
        CHECK(refused.status == status::conflict);
        CHECK(refused.json().at("errors").at(0).at("pointer") == "/quantity");
        CHECK(process.get(path).json().at("status").as_string() == std::string_view{last});
    }
}

TEST_CASE("a PATCH that would change a fulfilled order is refused with an error for each field that would change") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    const auto placed = process.get("/orders/1").json();
    process.patch("/orders/1", R"({"status":"fulfilled"})");

    boost::json::object changes;
    boost::json::array errors;
    for (const auto& field : order_entity.fields())
        if (field.change) {
            const auto name = field.change->name;
            changes[name] = other_value(field, placed.at(name));
            const boost::json::string pointer{"/" + std::string{name}};
            errors.push_back(boost::json::object{{"pointer", pointer}, {"detail", "cannot change any more"}});
            CAPTURE(name);
            const auto refused = process.patch("/orders/1", boost::json::serialize(boost::json::object{{name, changes[name]}}));
            CHECK(refused.status == status::conflict);
            REQUIRE(refused.json().as_object().contains("errors"));
            CHECK(refused.json().at("errors") == boost::json::array(1, errors.back()));
        }
    CHECK(errors.size() >= 2);
    const auto refused = process.patch("/orders/1", boost::json::serialize(changes));
    CHECK(refused.status == status::conflict);
    CHECK(refused.json().at("errors") == errors);
}

TEST_CASE("PATCH of an order is refused if a value is invalid, if the product name is sent, or if the order is unknown") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    for (const auto* bad : {R"({"status":"lost"})", R"({"status":null})", R"({"quantity":0})", R"({"product_name":"milk"})"})
        CHECK(process.patch("/orders/1", bad).status == status::unprocessable_entity);
    CHECK(process.patch("/orders/2", "{}").status == status::not_found);
}

TEST_CASE("a client with an outdated ETag can neither change nor delete an order") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    CHECK(process.patch("/orders/1", R"({"quantity":2})", {{"If-Match", "\"1-2\""}}).status == status::precondition_failed);
    CHECK(process.remove("/orders/1", {{"If-Match", "\"2-1\""}}).status == status::precondition_failed);
    CHECK(process.patch("/orders/1", R"({"quantity":2})", {{"If-None-Match", "*"}}).status == status::precondition_failed);
    CHECK(process.remove("/orders/1", {{"If-None-Match", "\"1-1\""}}).status == status::precondition_failed);
    CHECK(process.patch("/orders/1", R"({"quantity":2})", {{"If-Match", "\"1-1\""}}).status == status::ok);
    CHECK(process.remove("/orders/1", {{"If-Match", "\"2-1\""}}).status == status::no_content);
}

TEST_CASE("DELETE removes an order, publishes an event and reduces the user's order count, and the id is not used again") {
    orders_fixture process;
    process.create_user("ann");
    process.place("ann", "tea");
    CHECK(process.remove("/orders/1").status == status::no_content);
    CHECK(process.get("/orders/1").status == status::not_found);
    CHECK(process.remove("/orders/1").status == status::not_found);

    const auto published = process.published(order_deleted);
    REQUIRE(published.size() == 1);
    CHECK(summary_of(published[0]) == "order 1 of ann: 1 tea, placed, revision 2");
    process.settle();
    CHECK(process.get("/users/1").json().at("order_count") == 0);
    CHECK(process.place("ann", "tea") == 2);
}
