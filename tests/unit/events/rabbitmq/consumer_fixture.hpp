#pragma once

#include "fixture.hpp"
#include "rabbitmq/wire.hpp"

#include <support/python.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::events::rabbitmq {

/// Publishes the orders from `first` to `last` to the queue "x.reader", and waits until the broker has confirmed all of them.
inline void publish(vhost_fixture& fixture, std::int64_t first, std::int64_t last) {
    publisher_log t;
    publisher p{settings_for(fixture.url), {one_queue(), "x"}, 500, t.callbacks(), fixture.services};
    p.start();
    p.send(orders(first, last));
    eventually([&] { return t.settled_count() == static_cast<std::size_t>(last - first + 1); });
    p.stop(from_now(10s));
}

inline consumer::role role_of(const consumer& c) {
    return c.state().role;
}

/// A Python program that declares the quorum queue argv[2] at the broker with the URL argv[1]. argv[3] is the delivery limit of
/// the queue, or "none". If argv[4] is "bound", the queue is bound to the topics under "orders.".
inline constexpr std::string_view declare_queue = R"(
import pika, sys
url, queue, limit, bound = sys.argv[1:]
channel = pika.BlockingConnection(pika.URLParameters(url)).channel()
arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
if limit != "none":
    arguments["x-delivery-limit"] = int(limit)
channel.exchange_declare("x", "topic", durable=True)
channel.queue_declare(queue, durable=True, arguments=arguments)
if bound == "bound":
    channel.queue_bind(queue, "x", "orders.#")
)";

/// The delivery limits with which a test declares "x.reader" before the consumer starts. One is 3, as if an operator had set
/// it. With RabbitMQ 4, the other one is "none": older versions of Atrium declared their queues without a limit, and RabbitMQ 4
/// applies its default limit to such queues.
inline std::vector<std::string> existing_limits() {
    return shared_broker().major_version() < 4 ? std::vector<std::string>{"3"} : std::vector<std::string>{"none", "3"};
}

/// The argument of `declare_queue` for a queue to which no limit applies.
inline std::string no_limit() {
    return shared_broker().major_version() < 4 ? "none" : "-1";
}

/// Publishes the orders from `first` to `last`, like a program that declares and binds nothing.
inline void publish_plainly(plain_connection& program, std::int64_t first, std::int64_t last) {
    for (const auto& e : orders(first, last))
        program.connection.publish("x", e.topic, *wire::write(e));
}

/// The numbers of the orders with these ids.
inline std::vector<std::int64_t> numbers_of(const std::vector<std::string>& ids) {
    std::vector<std::int64_t> numbers;
    for (const auto& id : ids)
        numbers.push_back(std::stoll(id.substr(3)));
    return numbers;
}

/// A source whose consumer sends its probes through a publisher, as in the bus.
inline source probing_reader(publisher& p) {
    auto input = reader();
    input.send_probe = [&p](std::string queue, std::string id, std::function<void()> sent) {
        p.probe(std::move(queue), std::move(id), std::move(sent));
    };
    return input;
}

/// The ids of the messages in the order in which they first arrived.
inline std::vector<std::string> first_ids(const inbox& arrivals) {
    std::vector<std::string> ids;
    std::set<std::string> seen;
    for (const auto& m : arrivals.all())
        if (seen.insert(m.content.message_id).second)
            ids.push_back(m.content.message_id);
    return ids;
}

inline std::vector<std::string> ids_of_orders(std::int64_t first, std::int64_t last) {
    std::vector<std::string> ids;
    for (auto seq = first; seq <= last; ++seq)
        ids.push_back(order(seq).id);
    return ids;
}

inline std::vector<std::uint64_t> tags_of(const std::vector<received>& messages) {
    std::vector<std::uint64_t> tags;
    std::ranges::transform(messages, std::back_inserter(tags), &received::tag);
    return tags;
}

} // namespace atrium::events::rabbitmq
