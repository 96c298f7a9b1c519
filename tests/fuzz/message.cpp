#include "rabbitmq/amqp.hpp"
#include "rabbitmq/arrival.hpp"
#include "rabbitmq/number_messages.hpp"
#include "rabbitmq/wire.hpp"
#include "require.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

using namespace atrium::events;
using namespace atrium::events::rabbitmq;
using atrium::fuzz::require;

namespace {

amqp_bytes_t bytes_of(std::string_view text) {
    return {text.size(), const_cast<char*>(text.data())};
}

/// The message that a broker delivers with these properties, as they are on the wire. Empty if librabbitmq refuses them.
std::optional<message> receive(std::string_view properties, std::string_view body) {
    amqp_pool_t pool;
    init_amqp_pool(&pool, 4096);
    void* decoded = nullptr;
    std::optional<message> found;
    if (amqp_decode_properties(AMQP_BASIC_CLASS, &pool, bytes_of(properties), &decoded) >= 0) {
        frame_assembler frames{2000};
        amqp_basic_deliver_t deliver{bytes_of("me"), 1, 0, bytes_of("x"), bytes_of("orders.order_created")};
        amqp_frame_t frame{};
        frame.frame_type = AMQP_FRAME_METHOD;
        frame.payload.method = {AMQP_BASIC_DELIVER_METHOD, &deliver};
        require(!frames.add(frame), "a delivery needs a header");
        frame.frame_type = AMQP_FRAME_HEADER;
        frame.payload.properties.class_id = AMQP_BASIC_CLASS;
        frame.payload.properties.body_size = body.size();
        frame.payload.properties.decoded = decoded;
        auto complete_message = frames.add(frame);
        if (!body.empty()) {
            frame.frame_type = AMQP_FRAME_BODY;
            frame.payload.body_fragment = bytes_of(body);
            complete_message = frames.add(frame);
        }
        require(complete_message.has_value(), "a delivery is complete with its body");
        found = std::get<incoming::delivery>(std::move(*complete_message)).content;
    }
    empty_amqp_pool(&pool);
    return found;
}

/// Removes the blanks that JSON allows around a value (RFC 8259, section 2).
std::string_view without_blanks(std::string_view body) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = std::min(body.find_first_not_of(blanks), body.size());
    return body.substr(begin, body.find_last_not_of(blanks) + 1 - begin);
}

bool is_same(const event& a, const event& b) {
    return a.id == b.id && a.source == b.source && a.topic == b.topic && a.key == b.key && a.priority == b.priority &&
           a.time == b.time && a.traceparent == b.traceparent && a.data == b.data && a.replay == b.replay;
}

void check_event(const message& m) {
    const auto e = wire::read(m);
    if (!e) {
        require(!e.error().detail.empty(), "an error has a detail");
        return;
    }
    require(m.omitted == 0, "a message that lacks a part of its body is not an event");
    if (const auto written = wire::write(*e)) {
        const auto again = wire::read(*written);
        require(again && is_same(*again, *e), "an event stays the same when it is written and read again");
    }
}

void check_numbers(const message& m) {
    (void)find_number(m, "users.order_statistics");
    if (const auto inquiry = read_inquiry(m)) {
        const auto again = read_inquiry(write(*inquiry));
        require(again && again->subscription == inquiry->subscription && again->receiver == inquiry->receiver &&
                    again->publishers.size() == inquiry->publishers.size(),
                "an inquiry stays the same");
    }
    if (is_report(m))
        (void)read_report(m);
}

} // namespace

/// The input is a message from any program: two bytes with the length of the properties, then the properties and the body.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (size < 2)
        return 0;
    const auto rest = text.substr(2);
    const auto length = std::min<std::size_t>(data[0] * 256U + data[1], rest.size());
    const auto m = receive(rest.substr(0, length), rest.substr(length));
    if (!m)
        return 0;
    check_event(*m);
    check_numbers(*m);
    if (const auto plain = wire::read_plain(*m))
        require(plain->data == without_blanks(m->body), "the data of a plain message is its body");
    return 0;
}
