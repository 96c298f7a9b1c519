#pragma once

#include "arrival.hpp"
#include "broker_error.hpp"
#include "broker_url.hpp"
#include "delivery_limit.hpp"
#include "message.hpp"
#include "wake_event.hpp"
#include "watchdog.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>

struct amqp_connection_state_t_;

namespace atrium::events::rabbitmq {

/// Of a RabbitMQ; 0.0 if the broker does not give one.
struct server_version {
    int major = 0;
    int minor = 0;
    [[nodiscard]] auto operator<=>(const server_version&) const = default;
};

/// From here on a delivery limit of -1 is allowed, and needed.
inline constexpr server_version negative_limits{4, 0};

/// How to connect.
struct connection_settings {
    broker_url url;
    std::string ca_file; ///< with TLS
    bool verify = true;  ///< with TLS
    std::chrono::seconds heartbeat{10};
    std::chrono::milliseconds connect_timeout{5'000};
    std::string name;                                               ///< shown by the broker's tools
    std::size_t max_body = std::numeric_limits<std::size_t>::max(); ///< bytes; larger bodies are not kept whole
};

/// One connection with one channel to work on, and a side channel for requests that the broker may refuse. Every failure is a
/// `broker_error`, after which it can only be destroyed.
///
/// One thread. No call lasts for ever: connecting and requests by `connect_timeout`, the rest by the heartbeat (a connection
/// on which nothing came for two heartbeats is dead), and everything, connecting included, by the watchdog's own limit.
class broker_connection {
public:
    /// Connects and logs in. `wake` and `guard` outlive it; the guard is of no other connection.
    broker_connection(const connection_settings& settings, const wake_event& wake, watchdog& guard);
    /// Leaves without a word; the broker requeues what is not acknowledged.
    ~broker_connection();
    broker_connection(const broker_connection&) = delete;
    broker_connection& operator=(const broker_connection&) = delete;

    /// Says goodbye first. Does not throw; only destruction is allowed after.
    void close() noexcept;

    [[nodiscard]] server_version version() const;
    /// The largest frame that both sides take, in bytes. The properties of a message must fit into one.
    [[nodiscard]] std::size_t frame_size() const;

    enum class exchange_kind { topic, direct, fanout };
    /// Durable.
    void declare_exchange(const std::string& name, exchange_kind kind = exchange_kind::topic);

    enum class queue_kind {
        single_active_quorum, ///< replicated, one consumer at a time, no delivery limit, nothing dropped
        plain,                ///< default arguments: not durable
        plain_durable,        ///< default arguments but durable
        exclusive,            ///< of this connection alone, and gone with it
        trial_quorum,         ///< with a replica on each node; the broker deletes it after a minute without a consumer
    };
    /// The limit is that of a quorum queue; `unspecified` for the other kinds.
    delivery_limit declare_queue(const std::string& name, queue_kind kind);
    /// Deletes the queue with all that is in it, if it exists.
    void delete_queue(const std::string& name);
    /// As `delete_queue`, but does not wait for it: the broker takes five seconds if a node is down.
    void begin_delete_queue(const std::string& name);
    /// Any number of times.
    void bind(const std::string& queue, const std::string& exchange, const std::string& pattern);
    void unbind(const std::string& queue, const std::string& exchange, const std::string& pattern);

    struct queue_status {
        std::uint32_t messages = 0;
        std::uint32_t consumers = 0; ///< of a quorum queue with a single active consumer: that one, without those who stand by
    };
    /// Empty if there is no such queue.
    [[nodiscard]] std::optional<queue_status> find_queue(const std::string& name);
    /// As `find_queue`; a missing queue is an error.
    [[nodiscard]] queue_status inspect_queue(const std::string& name);

    /// From now on each message that is published is confirmed, under 1, 2, 3...
    void select_confirms();
    void set_prefetch(int messages_per_consumer);
    void consume(const std::string& queue, const std::string& consumer);
    /// As `consume`, but what it delivers is not to be acknowledged.
    void consume_unacknowledged(const std::string& queue, const std::string& consumer);
    /// What it has delivered stays to be acknowledged.
    void stop_consuming(const std::string& consumer);

    /// Mandatory. Call it where `ready` said writable, so that only a message of megabytes can make it wait.
    void publish(const std::string& exchange, const std::string& routing_key, const message& m);
    /// Without a confirm and not mandatory: beside the numbered stream of `publish`.
    void publish_aside(const std::string& exchange, const std::string& routing_key, const message& m);
    /// All deliveries up to this one.
    void acknowledge(std::uint64_t up_to);
    /// Returns this delivery to its queue, which counts that and delivers it again.
    void requeue(std::uint64_t tag);

    /// What has arrived; nothing where none is complete. Never waits. A closed channel or connection is an error.
    [[nodiscard]] std::optional<arrival> take();

    struct readiness {
        bool readable = false; ///< `take` may give something
        bool writable = false; ///< only where it was asked for
    };
    /// Waits for either, for the wake event (which it clears), or for `longest`, whatever comes first. Heartbeats are served by
    /// `take`: call that after each wait.
    readiness wait(std::chrono::milliseconds longest, bool for_writing);
    /// As `wait`, but what arrives does not end it: the broker has to keep it. Heartbeats are not served meanwhile.
    void wait_without_reading(std::chrono::milliseconds longest);

private:
    struct state_deleter {
        void operator()(amqp_connection_state_t_* s) const noexcept;
    };

    void open_socket();
    void open_tls_socket(std::chrono::steady_clock::time_point deadline);
    void login();
    void open_channel(std::uint16_t channel);
    void open_side_channel();
    void close_side_channel();
    void consume(const std::string& queue, const std::string& consumer, bool no_ack);
    void send(std::uint16_t channel, const std::string& exchange, const std::string& routing_key, const message& m,
              bool mandatory);
    void check_request(const attempt& what) const;
    void check_status(int status, const attempt& what) const;
    [[nodiscard]] watchdog::guard guarded() const;

    connection_settings settings_;
    const wake_event& wake_;
    watchdog& watchdog_;
    std::unique_ptr<amqp_connection_state_t_, state_deleter> state_;
    frame_assembler frames_;
    bool has_side_channel_ = false;
    bool has_deletion_channel_ = false;
};

} // namespace atrium::events::rabbitmq
