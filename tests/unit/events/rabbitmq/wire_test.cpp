#include "rabbitmq/wire.hpp"

#include <support/catch.hpp>

#include <algorithm>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

event order_created() {
    return {.seq = {7},
            .id = "0190a5c1-7d3e-7000-8000-000000000001",
            .source = "/atrium/orders",
            .topic = "orders.order_created",
            .key = "order/1",
            .priority = 6,
            .time = *parse_rfc3339("2026-11-22T12:00:00.123Z"),
            .traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
            .data = R"({"order_id":1,"user":"anna","product_name":"Tea ☕"})",
            .replay = {}};
}

std::string& property(message& m, std::string_view name) {
    return std::ranges::find(m.headers, name, &header::name)->value;
}

void remove_property(message& m, std::string_view name) {
    std::erase_if(m.headers, [&](const header& h) { return h.name == name; });
}

std::string reason(message m) {
    const auto e = wire::read(std::move(m));
    REQUIRE(!e);
    return e.error().detail;
}

} // namespace

TEST_CASE("an event becomes a CloudEvents message in binary mode") {
    auto m = *wire::write(order_created());
    CHECK(m.routing_key == "orders.order_created");
    CHECK(m.content_type == "application/json");
    CHECK(m.message_id == order_created().id);
    CHECK(m.timestamp == 1795348800);
    CHECK(m.priority == 0); // AMQP's own priority would reorder the events of a key
    CHECK(m.persistent);
    CHECK(m.body == order_created().data);
    CHECK(property(m, "cloudEvents_specversion") == "1.0");
    CHECK(property(m, "cloudEvents_id") == order_created().id);
    CHECK(property(m, "cloudEvents_source") == "/atrium/orders");
    CHECK(property(m, "cloudEvents_type") == "orders.order_created");
    CHECK(property(m, "cloudEvents_time") == "2026-11-22T12:00:00.123Z");
    CHECK(property(m, "cloudEvents_subject") == "order/1");
    CHECK(property(m, "cloudEvents_priority") == "6");
    CHECK(property(m, "cloudEvents_traceparent") == order_created().traceparent);
}

TEST_CASE("a message with a truncated body is not an event") {
    auto m = *wire::write(order_created());
    m.omitted = 8'000'000;
    CHECK_THAT(wire::read(m).error().detail, Catch::Matchers::ContainsSubstring("more than bus.rabbitmq.max_message allows"));
    CHECK_FALSE(wire::read_plain(m));
}

TEST_CASE("an event is read back unchanged, except for its seq") {
    const auto e = wire::read(*wire::write(order_created()));
    REQUIRE(e);
    CHECK(e->seq.value == 0);
    CHECK(e->id == order_created().id);
    CHECK(e->source == order_created().source);
    CHECK(e->topic == order_created().topic);
    CHECK(e->key == order_created().key);
    CHECK(e->priority == 6);
    CHECK(e->time == order_created().time);
    CHECK(e->traceparent == order_created().traceparent);
    CHECK(e->data == order_created().data);
}

TEST_CASE("the prefix of the application properties of an event may end in a colon instead of an underscore") {
    auto m = *wire::write(order_created());
    for (auto& h : m.headers)
        h.name.replace(0, 12, "cloudEvents:");
    REQUIRE(wire::read(m));
    CHECK(wire::read(m)->key == "order/1");
}

TEST_CASE("an event without a priority and a traceparent gets the default priority and a new traceparent") {
    auto m = *wire::write(order_created());
    remove_property(m, "cloudEvents_priority");
    remove_property(m, "cloudEvents_traceparent");
    const auto e = wire::read(m);
    REQUIRE(e);
    CHECK(e->priority == 4);
    CHECK(e->traceparent.size() == 55);
}

TEST_CASE("a message that is not an event is refused with the reason") {
    const auto valid = *wire::write(order_created());
    for (const auto* name : {"specversion", "id", "source", "type", "subject", "time"}) {
        auto m = valid;
        remove_property(m, std::string{"cloudEvents_"} + name);
        CHECK(reason(m) == std::string{"its application property cloudEvents_"} + name + " is missing or empty");
        m = valid;
        property(m, std::string{"cloudEvents_"} + name) = "";
        CHECK(reason(m) == std::string{"its application property cloudEvents_"} + name + " is missing or empty");
        m = valid;
        property(m, std::string{"cloudEvents_"} + name) = "line\nbreak";
        CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring(name));
        m = valid;
        property(m, std::string{"cloudEvents_"} + name) = "\xff";
        CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring(name));
    }
    auto m = valid;
    property(m, "cloudEvents_specversion") = "0.3";
    CHECK(reason(m) == "its CloudEvents version is 0.3, not 1.0");
    m = valid;
    property(m, "cloudEvents_time") = "yesterday";
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("RFC 3339"));
    for (const auto* priority : {"10", "-1", "4.5", "", "high"}) {
        m = valid;
        property(m, "cloudEvents_priority") = priority;
        CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("0 to 9"));
    }
    m = valid;
    property(m, "cloudEvents_id") = std::string(256, 'x');
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("255"));
    m = valid;
    m.content_type = "application/cloudevents+json; charset=utf-8";
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("structured mode"));
}

TEST_CASE("an event's body must be a JSON object") {
    auto m = *wire::write(order_created());
    m.body = "[1]";
    CHECK(reason(m) == "its body is JSON, but not an object");
    m.body = "{\"a\":";
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("not JSON"));
    m.body = "";
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("not JSON"));
    m.body = "{\"a\":\"\xff\"}";
    CHECK(reason(m) == "its body is not UTF-8");
    m.body = std::string(1'000'000, '[');
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("not JSON"));
    m.body = "{}";
    m.content_type = "text/plain";
    CHECK_THAT(reason(m), Catch::Matchers::ContainsSubstring("application/json"));
    m.content_type = "Application/JSON; charset=utf-8";
    CHECK(wire::read(m));
    m.content_type = "";
    CHECK(wire::read(m));
}

TEST_CASE("an event that AMQP cannot carry is refused before it is sent") {
    auto e = order_created();
    e.topic = "orders." + std::string(249, 'x');
    CHECK(!wire::write(e));
    e.topic.pop_back();
    CHECK(wire::write(e));
    e.key = std::string(70'000, 'x');
    CHECK(!wire::write(e));
}

TEST_CASE("the JSON of a plain message is read, and its id if it has one") {
    const auto with_id = wire::read_plain({.message_id = "abc", .body = R"({"user":"anna"})"});
    REQUIRE(with_id);
    CHECK(with_id->id == "abc");
    CHECK(with_id->data == R"({"user":"anna"})");
    CHECK(wire::read_plain({.body = "{}"})->id.empty());
    CHECK(wire::read_plain({.body = " \r\n\t{\"user\":{}}\t \r\n"})->data == R"({"user":{}})");
    CHECK(!wire::read_plain({.body = "anna"}));
    CHECK(!wire::read_plain({.message_id = "\n", .body = "{}"}));
}
