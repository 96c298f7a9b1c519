#include "rabbitmq/amqp_message.hpp"
#include "rabbitmq/arrival.hpp"
#include "rabbitmq/broker_error.hpp"

#include <support/catch.hpp>

#include <array>
#include <string>

using namespace atrium::events::rabbitmq;

namespace {

amqp_frame_t method_frame(amqp_method_number_t id, void* fields) {
    amqp_frame_t f{};
    f.frame_type = AMQP_FRAME_METHOD;
    f.channel = 1;
    f.payload.method = {id, fields};
    return f;
}

amqp_frame_t header_frame(amqp_basic_properties_t& properties, std::uint64_t size) {
    amqp_frame_t f{};
    f.frame_type = AMQP_FRAME_HEADER;
    f.channel = 1;
    f.payload.properties.class_id = AMQP_BASIC_CLASS;
    f.payload.properties.body_size = size;
    f.payload.properties.decoded = &properties;
    return f;
}

amqp_frame_t body_frame(std::string_view part) {
    amqp_frame_t f{};
    f.frame_type = AMQP_FRAME_BODY;
    f.channel = 1;
    f.payload.body_fragment = as_bytes(part);
    return f;
}

amqp_basic_deliver_t deliver_fields(std::uint64_t tag) {
    return {as_bytes("me"), tag, 1, as_bytes("x"), as_bytes("orders.order_created")};
}

} // namespace

TEST_CASE("a delivery is assembled from its frames, and is complete when the last part of its body has arrived") {
    frame_assembler frames;
    auto fields = deliver_fields(7);
    amqp_basic_properties_t none{};
    CHECK_FALSE(frames.add(method_frame(AMQP_BASIC_DELIVER_METHOD, &fields)));
    CHECK_FALSE(frames.add(header_frame(none, 5)));
    CHECK_FALSE(frames.add(body_frame("12")));
    amqp_frame_t heartbeat{};
    heartbeat.frame_type = AMQP_FRAME_HEARTBEAT;
    CHECK_FALSE(frames.add(heartbeat));
    const auto whole = frames.add(body_frame("345"));
    REQUIRE(whole);
    const auto& d = std::get<incoming::delivery>(*whole);
    CHECK(d.consumer == "me");
    CHECK(d.tag == 7);
    CHECK(d.redelivered);
    CHECK(d.content.routing_key == "orders.order_created");
    CHECK(d.content.body == "12345");
    CHECK_FALSE(d.content.persistent);
}

TEST_CASE("a message without a body is complete when its header has arrived") {
    frame_assembler frames;
    amqp_basic_return_t fields{312, as_bytes("NO_ROUTE"), as_bytes("x"), as_bytes("a.b")};
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_DELIVERY_MODE_FLAG;
    properties.message_id = as_bytes("id-1");
    properties.delivery_mode = 2;
    CHECK_FALSE(frames.add(method_frame(AMQP_BASIC_RETURN_METHOD, &fields)));
    const auto whole = frames.add(header_frame(properties, 0));
    REQUIRE(whole);
    CHECK(std::get<incoming::returned>(*whole).content.message_id == "id-1");
    CHECK(std::get<incoming::returned>(*whole).content.persistent);
}

TEST_CASE("a body that is too large is truncated, and the next message is complete") {
    frame_assembler frames{100'000};
    auto fields = deliver_fields(7);
    amqp_basic_properties_t none{};
    CHECK_FALSE(frames.add(method_frame(AMQP_BASIC_DELIVER_METHOD, &fields)));
    CHECK_FALSE(frames.add(header_frame(none, 150'000)));
    const std::string piece(50'000, 'x');
    CHECK_FALSE(frames.add(body_frame(piece)));
    CHECK_FALSE(frames.add(body_frame(piece)));
    const auto whole = frames.add(body_frame(piece));
    REQUIRE(whole);
    const auto& large = std::get<incoming::delivery>(*whole).content;
    CHECK(large.body.size() == frame_assembler::oversized_prefix);
    CHECK(large.body.capacity() < 100'000);
    CHECK(large.omitted == 150'000 - frame_assembler::oversized_prefix);

    CHECK_FALSE(frames.add(method_frame(AMQP_BASIC_DELIVER_METHOD, &fields)));
    CHECK_FALSE(frames.add(header_frame(none, 100'000)));
    CHECK_FALSE(frames.add(body_frame(piece)));
    const auto next = frames.add(body_frame(piece));
    REQUIRE(next);
    CHECK(std::get<incoming::delivery>(*next).content.body.size() == 100'000);
    CHECK(std::get<incoming::delivery>(*next).content.omitted == 0);
}

TEST_CASE("frames in an order that AMQP does not allow are an error") {
    auto fields = deliver_fields(7);
    amqp_basic_properties_t none{};
    CHECK_THROWS_AS(frame_assembler{}.add(header_frame(none, 5)), broker_error);
    CHECK_THROWS_AS(frame_assembler{}.add(body_frame("12")), broker_error);
    frame_assembler frames;
    (void)frames.add(method_frame(AMQP_BASIC_DELIVER_METHOD, &fields));
    CHECK_THROWS_AS(frames.add(method_frame(AMQP_BASIC_DELIVER_METHOD, &fields)), broker_error);
    CHECK_THROWS_AS(frames.add(body_frame("12")), broker_error);
    (void)frames.add(header_frame(none, 1));
    CHECK_THROWS_AS(frames.add(body_frame("12")), broker_error); // the body is larger than the header announced
    CHECK_THROWS_AS(frames.add(method_frame(AMQP_TX_COMMIT_OK_METHOD, nullptr)), broker_error);
}

TEST_CASE("the fields of a broker's confirms, cancellations, blocked notices and closes are read") {
    frame_assembler frames;
    amqp_basic_ack_t ack{3, 1};
    const auto confirm = std::get<incoming::confirm>(*frames.add(method_frame(AMQP_BASIC_ACK_METHOD, &ack)));
    CHECK((confirm.tag == 3 && confirm.multiple && !confirm.refused));
    amqp_basic_nack_t nack{4, 0, 0};
    const auto refusal = std::get<incoming::confirm>(*frames.add(method_frame(AMQP_BASIC_NACK_METHOD, &nack)));
    CHECK((refusal.tag == 4 && !refusal.multiple && refusal.refused));
    amqp_basic_cancel_t cancel{as_bytes("me"), 1};
    CHECK(std::get<incoming::cancelled>(*frames.add(method_frame(AMQP_BASIC_CANCEL_METHOD, &cancel))).consumer == "me");
    amqp_connection_blocked_t blocked{as_bytes("low on memory")};
    CHECK(std::get<incoming::blocked>(*frames.add(method_frame(AMQP_CONNECTION_BLOCKED_METHOD, &blocked))).reason ==
          "low on memory");
    CHECK(std::holds_alternative<incoming::unblocked>(*frames.add(method_frame(AMQP_CONNECTION_UNBLOCKED_METHOD, nullptr))));
    amqp_channel_close_t close{406, as_bytes("PRECONDITION_FAILED"), 0, 0};
    const auto closed = std::get<incoming::closed>(*frames.add(method_frame(AMQP_CHANNEL_CLOSE_METHOD, &close)));
    CHECK((closed.code == 406 && closed.text == "PRECONDITION_FAILED"));
}

TEST_CASE("application properties are converted to text, and those without a text form become empty") {
    std::array<amqp_table_entry_t, 7> entries{};
    for (auto& each : entries)
        each.key = as_bytes("name");
    entries[0].value.kind = AMQP_FIELD_KIND_I32;
    entries[0].value.value.i32 = -4;
    entries[1].value.kind = AMQP_FIELD_KIND_U64;
    entries[1].value.value.u64 = 18'446'744'073'709'551'615U;
    entries[2].value.kind = AMQP_FIELD_KIND_BOOLEAN;
    entries[2].value.value.boolean = 1;
    entries[3].value.kind = AMQP_FIELD_KIND_TIMESTAMP;
    entries[3].value.value.u64 = 1'795'348'800;
    entries[4].value.kind = AMQP_FIELD_KIND_TIMESTAMP;
    entries[4].value.value.u64 = 18'446'744'073'709'551'615U;
    entries[5].value.kind = AMQP_FIELD_KIND_VOID;
    entries[6] = text_entry("name", "text");
    amqp_basic_properties_t properties{};
    properties._flags = AMQP_BASIC_HEADERS_FLAG;
    properties.headers = {static_cast<int>(entries.size()), entries.data()};
    message m;
    take_properties(properties, m);
    std::string all;
    for (const auto& h : m.headers)
        all += h.name + '=' + h.value + ' ';
    CHECK(all == "name=-4 name=18446744073709551615 name=true name=2026-11-22T12:00:00.000Z name= name= name=text ");
}
