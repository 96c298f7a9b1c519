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

/// The version of a RabbitMQ server; 0.0 if the broker does not report one.
struct server_version {
    int major = 0;
    int minor = 0;
    [[nodiscard]] auto operator<=>(const server_version&) const = default;
};

/// The first version that supports a delivery limit of -1, which means no limit. In this and later versions, a quorum queue
/// that is declared without a delivery limit has a default limit.
inline constexpr server_version negative_limits{4, 0};

/// How to connect.
struct connection_settings {
    broker_url url;
    std::string ca_file; ///< a PEM file of the authorities to trust; used only with TLS
    bool verify = true;  ///< whether the certificate and its host name are checked; used only with TLS
    std::chrono::seconds heartbeat{10};
    std::chrono::milliseconds connect_timeout{5'000};
    std::string name;                                               ///< the connection's name in the broker's tools
    std::size_t max_body = std::numeric_limits<std::size_t>::max(); ///< in bytes; see `frame_assembler`
};

/// A connection with one channel for regular work, a side channel for requests that the broker may refuse, and a channel for
/// deletions. Every failure of the broker or the network is a `broker_error`; afterwards the connection can only be destroyed.
///
/// One thread. The duration of each call is limited: connecting and requests by `connect_timeout`, other calls by the heartbeat
/// (a connection is dead if nothing was received for two heartbeats), and each of these calls also by the limit of the
/// watchdog.
class broker_connection {
public:
    /// Connects and logs in. `wake` and `guard` outlive the connection; no other connection uses `guard`.
    broker_connection(const connection_settings& settings, const wake_event& wake, watchdog& guard);
    /// Disconnects without closing the AMQP connection; the broker requeues unacknowledged messages.
    ~broker_connection();
    broker_connection(const broker_connection&) = delete;
    broker_connection& operator=(const broker_connection&) = delete;

    /// Closes the AMQP connection. Afterwards only destruction is allowed.
    void close() noexcept;

    [[nodiscard]] server_version version() const;
    /// The maximum frame size that both sides accept, in bytes. The properties of a message must fit into one frame.
    [[nodiscard]] std::size_t frame_size() const;

    enum class exchange_kind { topic, direct, fanout };
    /// Declares a durable exchange.
    void declare_exchange(const std::string& name, exchange_kind kind = exchange_kind::topic);

    enum class queue_kind {
        single_active_quorum, ///< replicated, one consumer at a time, no delivery limit, never drops messages
        plain,                ///< default arguments: not durable
        plain_durable,        ///< default arguments but durable
        exclusive,            ///< used by this connection only, and deleted with it
        trial_quorum,         ///< with a replica on each node; the broker deletes it after a minute without a consumer
    };
    /// Returns the delivery limit of a quorum queue; `unspecified` for the other kinds.
    delivery_limit declare_queue(const std::string& name, queue_kind kind);
    /// Deletes the queue and its messages, if it exists.
    void delete_queue(const std::string& name);
    /// Like `delete_queue`, but does not wait for the deletion, which takes five seconds if a node is down.
    void begin_delete_queue(const std::string& name);
    /// `bind` and `unbind` are idempotent.
    void bind(const std::string& queue, const std::string& exchange, const std::string& pattern);
    void unbind(const std::string& queue, const std::string& exchange, const std::string& pattern);

    struct queue_status {
        std::uint32_t messages = 0;
        std::uint32_t consumers = 0; ///< for a queue with a single active consumer, this does not include the standby consumers
    };
    /// Empty if there is no such queue.
    [[nodiscard]] std::optional<queue_status> find_queue(const std::string& name);
    /// Like `find_queue`, but a missing queue is an error.
    [[nodiscard]] queue_status inspect_queue(const std::string& name);

    /// Makes the broker confirm each later message of `publish`, under the tags 1, 2, 3...
    void select_confirms();
    /// Limits how many unacknowledged deliveries each consumer may have. Applies to consumers that begin after this call.
    void set_prefetch(int messages_per_consumer);
    void consume(const std::string& queue, const std::string& consumer);
    /// Like `consume`, but deliveries must not be acknowledged.
    void consume_unacknowledged(const std::string& queue, const std::string& consumer);
    /// Ends the consumer. Deliveries that have already arrived must still be acknowledged.
    void stop_consuming(const std::string& consumer);

    /// Publishes a message as mandatory. Call it after `wait` has returned `writable`; then only a message of several megabytes
    /// can block the call.
    void publish(const std::string& exchange, const std::string& routing_key, const message& m);
    /// Publishes a message on the side channel, without a confirm and not as mandatory. Such a message gets none of the tags
    /// that `select_confirms` describes.
    void publish_aside(const std::string& exchange, const std::string& routing_key, const message& m);
    /// Acknowledges all deliveries up to and including the one with the tag `up_to`.
    void acknowledge(std::uint64_t up_to);
    /// Returns the delivery with this tag to its queue. The queue counts the return, and delivers the message again.
    void requeue(std::uint64_t tag);

    /// Returns the next arrival; empty if none is complete. Never waits. A closed channel or connection is an error.
    [[nodiscard]] std::optional<arrival> take();

    struct readiness {
        bool readable = false; ///< `take` may return an arrival
        bool writable = false; ///< only with `for_writing`
    };
    /// Waits until one of the members of `readiness` is true, until the wake event is set (`wait` clears it), or until
    /// `max_wait` or a quarter of the heartbeat interval has passed. `take` handles heartbeats, so call `take` after each
    /// `wait`.
    readiness wait(std::chrono::milliseconds max_wait, bool for_writing);
    /// Waits until the wake event is set (and clears it) or until `max_wait` has passed. Nothing is read during the wait, so
    /// data stays at the broker, and heartbeats are not handled.
    void wait_without_reading(std::chrono::milliseconds max_wait);

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
    void check_request(const attempt& a) const;
    void check_status(int status, const attempt& a) const;
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
