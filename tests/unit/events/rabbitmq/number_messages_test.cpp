#include "rabbitmq/number_messages.hpp"
#include "rabbitmq/probe.hpp"
#include "rabbitmq/wire.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::events;
using namespace atrium::events::rabbitmq;

namespace {

event order_created() {
    return {.seq = {7},
            .id = "id-7",
            .source = "/atrium/orders",
            .topic = "orders.order_created",
            .key = "order/7",
            .time = *parse_rfc3339("2026-11-28T12:00:00Z"),
            .traceparent = {},
            .data = R"({"order_id":7})",
            .replay = {}};
}

message message_with_numbers(const std::string& numbers) {
    message m;
    add_numbers(m, {order_created(), "publisher-1", numbers});
    return m;
}

number_inquiry inquiry() {
    return {.subscription = "users.order_statistics",
            .receiver = "receiver-1",
            .publishers = {{"publisher-1", {42}, {{{1}, {3}}, {{7}, {7}}}}, {"publisher-2", {1}, {}}}};
}

number_report report() {
    return {.publisher = "publisher-1",
            .former_publisher = "publisher-0",
            .receiver = "receiver-1",
            .since = {1},
            .confirmed = {42},
            .unavailable = {{{2}, {3}}}};
}

} // namespace

TEST_CASE("a message contains the delivery number of its event for each subscription") {
    std::string header;
    append_number(header, {"users.order_statistics", {17}});
    append_number(header, {"orders.user_names", {5}});
    CHECK(header == "users.order_statistics=17 orders.user_names=5");
    const auto m = message_with_numbers(header);
    const auto found = find_number(m, "orders.user_names");
    REQUIRE(found);
    CHECK(found->publisher == "publisher-1");
    CHECK(found->number.value == 5);
    CHECK(find_number(m, "users.order_statistics")->number.value == 17);
    CHECK_FALSE(find_number(m, "users.order"));
    CHECK_FALSE(find_number(m, "orders.user_departure"));
}

TEST_CASE("an event that is sent again is marked as repeated") {
    outgoing_event e{order_created(), "publisher-1", "a.b=1"};
    CHECK_FALSE(find_number(message_with_numbers("a.b=1"), "a.b")->is_repeated);
    e.is_repeated = true;
    message m;
    add_numbers(m, e);
    CHECK(find_number(m, "a.b")->is_repeated);
}

TEST_CASE("a message with an invalid delivery number is treated as one without a number") {
    CHECK_FALSE(find_number({}, "a.b"));
    for (const auto* text : {"a.b", "a.b=", "a.b=0", "a.b=-1", "a.b=x", "a.b=99999999999999999999", "=1", " ", "a.b =1"})
        CHECK_FALSE(find_number(message_with_numbers(text), "a.b"));
}

TEST_CASE("a version of Atrium without delivery numbers can read an event with a number, and treats a report as a probe") {
    auto m = *wire::write(order_created());
    const auto header_count = m.headers.size();
    add_numbers(m, {order_created(), "publisher-1", "users.order_statistics=17"});
    CHECK(m.headers.size() == header_count + 2);
    CHECK(wire::read(m)->data == order_created().data);
    CHECK(is_probe(write(report(), "id")));
    CHECK(is_report(write(report(), "id")));
    CHECK_FALSE(is_report(make_probe("id")));
}

TEST_CASE("an inquiry and a report are read as they were written") {
    const auto read_back = read_inquiry(write(inquiry()));
    REQUIRE(read_back);
    CHECK(read_back->subscription == inquiry().subscription);
    CHECK(read_back->receiver == inquiry().receiver);
    REQUIRE(read_back->publishers.size() == 2);
    CHECK(read_back->publishers[0].next.value == 42);
    CHECK(read_back->publishers[0].missing == inquiry().publishers[0].missing);

    const auto answer = read_report(write(report(), "id"));
    REQUIRE(answer);
    CHECK(answer->publisher == "publisher-1");
    CHECK(answer->former_publisher == "publisher-0");
    CHECK(answer->since.value == 1);
    CHECK(answer->confirmed.value == 42);
    CHECK(answer->unavailable == report().unavailable);
}

TEST_CASE("a message that is neither a valid inquiry nor a valid report is refused") {
    for (const auto* body : {"", "{}", "[]", "nonsense", R"({"subscription":"a.b","receiver":1,"publishers":[]})",
                             R"({"subscription":"a.b","receiver":"r","publishers":[{"id":"p","next":0,"missing":[]}]})",
                             R"({"subscription":"a.b","receiver":"r","publishers":[{"id":"p","next":1,"missing":[[3,2]]}]})",
                             R"({"subscription":"a.b","receiver":"r","publishers":[{"id":"p","next":1,"missing":[[3]]}]})",
                             R"({"publisher":"p","receiver":"r","since":1.5,"confirmed":1,"unavailable":[]})"}) {
        CAPTURE(body);
        CHECK_FALSE(read_inquiry({.body = body}));
        CHECK_FALSE(read_report({.body = body}));
    }
}
