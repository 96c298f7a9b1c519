/// The smallest program that sends messages to a quorum queue safely with librabbitmq: persistent and mandatory, with a limit
/// on the number of unconfirmed messages (the window). bench/run compares the relay with it.
///
///     librabbitmq_publisher URL MESSAGES ATTRIBUTES
///
/// ATTRIBUTES is "events" for messages with the attributes of an event, or "none" for messages with only a body.

#include "amqp.hpp"
#include "sample.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace {

constexpr amqp_channel_t channel = 1;
constexpr auto exchange = "bench.events";
constexpr auto queue = "bench.events.sink";

amqp_bytes_t bytes(const std::string& text) {
    return {text.size(), const_cast<char*>(text.data())};
}

void check(bool is_ok, const char* fault) {
    if (!is_ok)
        throw std::runtime_error{fault};
}

/// The properties of a message. With `has_attributes`, they are those that src/events/rabbitmq/wire.cpp sets for an event. (The
/// relay also adds the id of the publisher and the delivery numbers of the event.)
class properties {
public:
    explicit properties(bool has_attributes) {
        all_._flags = AMQP_BASIC_DELIVERY_MODE_FLAG;
        all_.delivery_mode = AMQP_DELIVERY_PERSISTENT;
        if (!has_attributes)
            return;
        constexpr auto id = "0190a6f0-5c1e-7000-8000-0123456789ab";
        add("cloudEvents_specversion", "1.0");
        add("cloudEvents_id", id);
        add("cloudEvents_source", "/atrium/bench");
        add("cloudEvents_type", bench::topic);
        add("cloudEvents_time", "2025-01-01T12:00:00.000Z");
        add("cloudEvents_subject", "12345");
        add("cloudEvents_priority", "4");
        add("cloudEvents_traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        all_._flags |=
            AMQP_BASIC_HEADERS_FLAG | AMQP_BASIC_CONTENT_TYPE_FLAG | AMQP_BASIC_MESSAGE_ID_FLAG | AMQP_BASIC_TIMESTAMP_FLAG;
        all_.headers = {static_cast<int>(headers_.size()), headers_.data()};
        all_.content_type = amqp_cstring_bytes("application/json");
        all_.message_id = amqp_cstring_bytes(id);
        all_.timestamp = 1'735'732'800;
    }
    properties(const properties&) = delete;
    properties& operator=(const properties&) = delete;

    [[nodiscard]] const amqp_basic_properties_t& all() const { return all_; }

private:
    void add(const char* name, const char* value) {
        amqp_table_entry_t header{};
        header.key = amqp_cstring_bytes(name);
        header.value.kind = AMQP_FIELD_KIND_UTF8;
        header.value.value.bytes = amqp_cstring_bytes(value);
        headers_.push_back(header);
    }

    std::vector<amqp_table_entry_t> headers_;
    amqp_basic_properties_t all_{};
};

/// Records which messages are confirmed. A message is identified by its delivery tag, which is n for the n-th message.
class confirms {
public:
    explicit confirms(std::uint64_t messages) : confirmed_(messages + 1) {}

    void add(std::uint64_t tag, bool multiple) {
        for (auto number = multiple ? first_open_ : tag; number <= tag; ++number)
            if (!confirmed_[number]) {
                confirmed_[number] = true;
                ++count_;
            }
        while (first_open_ < confirmed_.size() && confirmed_[first_open_])
            ++first_open_;
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    std::vector<bool> confirmed_;
    std::uint64_t first_open_ = 1; ///< the lowest tag that is not confirmed
    std::uint64_t count_ = 0;
};

class publisher {
public:
    publisher(std::string url, bool has_attributes) : url_{std::move(url)}, properties_{has_attributes} {
        amqp_connection_info server{};
        check(amqp_parse_url(url_.data(), &server) == AMQP_STATUS_OK, "invalid URL");
        check(amqp_socket_open(amqp_tcp_socket_new(connection_), server.host, server.port) == AMQP_STATUS_OK, "cannot connect");
        check_reply(amqp_login(connection_, server.vhost, 0, 131'072, 0, AMQP_SASL_METHOD_PLAIN, server.user, server.password));
        amqp_channel_open(connection_, channel);
        check_reply();
    }
    ~publisher() { amqp_destroy_connection(connection_); }
    publisher(const publisher&) = delete;
    publisher& operator=(const publisher&) = delete;

    /// Declares the exchange and the queue as the relay does for a subscription.
    void declare() {
        std::array<amqp_table_entry_t, 2> arguments{};
        arguments[0].key = amqp_cstring_bytes("x-queue-type");
        arguments[0].value.kind = AMQP_FIELD_KIND_UTF8;
        arguments[0].value.value.bytes = amqp_cstring_bytes("quorum");
        arguments[1].key = amqp_cstring_bytes("x-single-active-consumer");
        arguments[1].value.kind = AMQP_FIELD_KIND_BOOLEAN;
        arguments[1].value.value.boolean = 1;
        amqp_exchange_declare(connection_, channel, amqp_cstring_bytes(exchange), amqp_cstring_bytes("topic"), 0, 1, 0, 0,
                              amqp_empty_table);
        check_reply();
        amqp_queue_declare(connection_, channel, amqp_cstring_bytes(queue), 0, 1, 0, 0, {arguments.size(), arguments.data()});
        check_reply();
        amqp_queue_bind(connection_, channel, amqp_cstring_bytes(queue), amqp_cstring_bytes(exchange),
                        amqp_cstring_bytes(bench::topic), amqp_empty_table);
        check_reply();
        amqp_confirm_select(connection_, channel);
        check_reply();
    }

    void publish_all(std::uint64_t messages) {
        confirms confirmed{messages};
        for (std::uint64_t sent = 0; confirmed.count() < messages;) {
            for (; sent < messages && sent - confirmed.count() < bench::window; ++sent)
                publish(bench::body(static_cast<std::int64_t>(sent)));
            receive_confirms(confirmed);
        }
    }

private:
    void publish(const std::string& body) {
        check(amqp_basic_publish(connection_, channel, amqp_cstring_bytes(exchange), amqp_cstring_bytes(bench::topic),
                                 /*mandatory*/ 1, /*immediate*/ 0, &properties_.all(), bytes(body)) == AMQP_STATUS_OK,
              "publishing failed");
    }

    /// Waits for one confirm, and also reads those that have already arrived.
    void receive_confirms(confirms& confirmed) {
        const timeval no_time{};
        amqp_frame_t frame;
        for (int status = amqp_simple_wait_frame(connection_, &frame); status != AMQP_STATUS_TIMEOUT;
             status = amqp_simple_wait_frame_noblock(connection_, &frame, &no_time)) {
            check(status == AMQP_STATUS_OK, "the connection is lost");
            check(frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id == AMQP_BASIC_ACK_METHOD,
                  "the broker sent something other than a confirm");
            const auto* ack = static_cast<const amqp_basic_ack_t*>(frame.payload.method.decoded);
            confirmed.add(ack->delivery_tag, ack->multiple != 0);
            amqp_maybe_release_buffers(connection_);
        }
    }

    void check_reply(amqp_rpc_reply_t reply) {
        check(reply.reply_type == AMQP_RESPONSE_NORMAL, "the broker refused a request");
    }
    void check_reply() { check_reply(amqp_get_rpc_reply(connection_)); }

    std::string url_; ///< amqp_parse_url modifies this text, and its result points into it
    properties properties_;
    amqp_connection_state_t connection_ = amqp_new_connection();
};

} // namespace

int main(int count, char** words) {
    const std::string attributes = count == 4 ? words[3] : "";
    if (attributes != "events" && attributes != "none") {
        std::fputs("usage: librabbitmq_publisher URL MESSAGES events|none\n", stderr);
        return 2;
    }
    try {
        const auto messages = std::strtoull(words[2], nullptr, 10);
        const auto begin = std::chrono::steady_clock::now();
        publisher minimal{words[1], attributes == "events"};
        minimal.declare();
        minimal.publish_all(messages);
        const auto duration = std::chrono::steady_clock::now() - begin;
        std::printf("messages=%llu microseconds=%lld\n", messages,
                    static_cast<long long>(std::chrono::duration_cast<std::chrono::microseconds>(duration).count()));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "librabbitmq_publisher: %s\n", e.what());
        return 1;
    }
}
