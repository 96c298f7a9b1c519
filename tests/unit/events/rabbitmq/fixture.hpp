#pragma once

#include "rabbitmq/broker_connection.hpp"
#include "rabbitmq/connection_loop.hpp"
#include "rabbitmq/consumer.hpp"
#include "rabbitmq/publisher.hpp"
#include "rabbitmq/topology.hpp"

#include <base/clock.hpp>
#include <metrics/registry.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/python.hpp>
#include <support/rabbitmq_broker.hpp>
#include <support/tcp_gate.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

using namespace std::chrono_literals;
using support::eventually;
using support::shared_broker;

inline std::chrono::steady_clock::time_point from_now(std::chrono::milliseconds duration) {
    return std::chrono::steady_clock::now() + duration;
}

inline connection_settings settings_for(const std::string& url) {
    return {.url = *broker_url::parse(url), .ca_file = {}, .heartbeat = 1s, .connect_timeout = 10s, .name = "test"};
}

/// A queue "x.reader" that gets the events of all topics under "orders.".
inline topology one_queue() {
    return {.exchange = "x", .queues = {{"x.reader", {"orders.#"}}}, .stale = {}, .plain_queues = {}};
}

inline event order(std::int64_t seq) {
    return {.seq = {seq},
            .id = "id-" + std::to_string(seq),
            .source = "/atrium/orders",
            .topic = "orders.order_created",
            .key = "order/" + std::to_string(seq),
            .priority = 4,
            .time = *parse_rfc3339("2026-11-22T12:00:00Z"),
            .traceparent = {},
            .data = R"({"number":)" + std::to_string(seq) + "}",
            .replay = {}};
}

inline std::vector<outgoing_event> orders(std::int64_t first, std::int64_t last) {
    std::vector<outgoing_event> all;
    for (auto seq = first; seq <= last; ++seq)
        all.emplace_back(order(seq));
    return all;
}

/// A Python program that declares and binds "x.reader" with a delivery limit, as an operator or another version of the broker
/// may have done.
inline constexpr std::string_view declare_limited = R"(
import pika, sys
channel = pika.BlockingConnection(pika.URLParameters(sys.argv[1])).channel()
channel.exchange_declare("x", "topic", durable=True)
channel.queue_declare("x.reader", durable=True, arguments={
    "x-queue-type": "quorum", "x-single-active-consumer": True, "x-delivery-limit": 3})
channel.queue_bind("x.reader", "x", "orders.#")
)";

/// A new virtual host on the shared broker, for one test case, and the objects that publishers and consumers need.
struct vhost_fixture {
    std::string vhost = shared_broker().new_vhost();
    std::string url = shared_broker().url(vhost);
    system_clock time;
    metrics::registry metrics;
    environment services{time, metrics, {}};

    /// The number of messages in the queue, including those that were delivered and are not acknowledged. It is -1 if there is
    /// no such queue.
    [[nodiscard]] std::int64_t messages(const std::string& queue) const {
        const auto found = shared_broker().queue(queue, vhost);
        return found ? found->messages() : -1;
    }
};

/// A connection with the objects that it needs.
struct plain_connection {
    explicit plain_connection(const connection_settings& s) : connection{s, wake, guard} {}
    explicit plain_connection(const std::string& url) : plain_connection{settings_for(url)} {}

    /// Waits for the next arrival of this kind, and drops those of other kinds.
    template <class Kind>
    Kind next() {
        const auto end = from_now(30s);
        while (std::chrono::steady_clock::now() < end) {
            connection.wait(100ms, false); // `false`, because nothing has to be sent
            while (auto received = connection.take())
                if (auto* match = std::get_if<Kind>(&*received))
                    return std::move(*match);
        }
        throw std::runtime_error{"nothing of the expected kind has arrived"};
    }

    wake_event wake;
    watchdog guard;
    broker_connection connection;
};

/// Collects the notifications of a publisher, by seq.
class publisher_log {
public:
    publisher_callbacks callbacks() {
        return {.settled =
                    [this](const std::vector<event_seq>& seqs) {
                        const std::lock_guard lock{mutex_};
                        for (const auto seq : seqs)
                            repeated_ += settled_.insert(seq.value).second ? 0 : 1;
                    },
                .declared = [](const topology::outcome&) {},
                .unsendable =
                    [this](event e, std::string) {
                        const std::lock_guard lock{mutex_};
                        unsendable_.insert(e.seq.value);
                    }};
    }
    std::set<std::int64_t> settled() const {
        const std::lock_guard lock{mutex_};
        return settled_;
    }
    std::size_t settled_count() const {
        const std::lock_guard lock{mutex_};
        return settled_.size();
    }
    std::set<std::int64_t> unsendable() const {
        const std::lock_guard lock{mutex_};
        return unsendable_;
    }
    /// The number of notifications about a seq that had already been settled.
    int repeated() const {
        const std::lock_guard lock{mutex_};
        return repeated_;
    }

private:
    mutable std::mutex mutex_;
    std::set<std::int64_t> settled_;
    std::set<std::int64_t> unsendable_;
    int repeated_ = 0;
};

/// Collects the messages that a consumer hands over, in order, and acknowledges them immediately if requested.
class inbox {
public:
    enum class acknowledgment { immediate, never };
    explicit inbox(acknowledgment a) : acknowledgment_{a} {}

    consumer::message_handler callback() {
        return [this](std::vector<received> batch) {
            const std::lock_guard lock{mutex_};
            for (auto& m : batch) {
                if (acknowledgment_ == acknowledgment::immediate) {
                    const std::vector<std::uint64_t> tags{m.tag};
                    source->acknowledge(m.generation, tags);
                }
                all_.push_back(std::move(m));
            }
        };
    }
    std::vector<received> all() const {
        const std::lock_guard lock{mutex_};
        return all_;
    }
    std::size_t count() const {
        const std::lock_guard lock{mutex_};
        return all_.size();
    }
    std::set<std::string> ids() const {
        std::set<std::string> found;
        for (const auto& m : all())
            found.insert(m.content.message_id);
        return found;
    }

    consumer* source = nullptr; ///< the consumer whose messages are acknowledged immediately; set it before the consumer starts

private:
    acknowledgment acknowledgment_;
    mutable std::mutex mutex_;
    std::vector<received> all_;
};

/// The queue "x.reader" as the source of a consumer.
inline source reader(int prefetch = 500) {
    return {.topology = one_queue(), .subscription = "reader", .queue = "x.reader", .prefetch = prefetch};
}

/// Consumes `expected` different messages from a queue, and returns their ids in the order of their first delivery.
inline std::vector<std::string> ids_in(const std::string& url, const std::string& queue, std::size_t expected) {
    plain_connection c{url};
    c.connection.consume(queue, "check");
    std::vector<std::string> ids;
    std::set<std::string> seen;
    while (seen.size() < expected) {
        const auto d = c.next<incoming::delivery>();
        if (seen.insert(d.content.message_id).second)
            ids.push_back(d.content.message_id);
        c.connection.acknowledge(d.tag);
    }
    c.connection.close();
    return ids;
}

} // namespace atrium::events::rabbitmq
