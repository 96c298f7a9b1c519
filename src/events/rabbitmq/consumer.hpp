#pragma once

#include "connection_loop.hpp"
#include "liveness.hpp"
#include "message.hpp"
#include "probe.hpp"
#include "queue_replacement.hpp"
#include "topology.hpp"
#include "unacked.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// A message that has been received and not acknowledged.
struct received {
    std::uint64_t generation = 0; ///< the number of the connection; a tag is valid only on its connection
    std::uint64_t tag = 0;
    bool redelivered = false; ///< the broker may have sent it before, to this or to another process
    message content;
};

/// The queue that a consumer reads, and how it is read.
struct source {
    rabbitmq::topology topology; ///< declared on each connection, before anything is consumed
    std::string subscription;    ///< the name of the subscription or bridge, which is also the consumer's tag
    std::string queue;
    bool takes_reports = false; ///< whether reports about delivery numbers are handed over like events
    bool single_active = true;  ///< whether one of several consumers gets all messages and the others are on standby
    int prefetch = 500;         ///< max number of unacknowledged messages
    std::size_t max_bytes = 16 * 1024 * 1024; ///< max memory for unacknowledged messages, in bytes; the last one may exceed it
    probe_sender send_probe = {};             ///< if empty, liveness is judged by the broker's counts alone
};

/// Receives the messages of one queue. The broker keeps them until they are acknowledged: messages that are unacknowledged when
/// a connection ends come again, in order. A consumer never returns a single message to the queue, because that would break
/// this order.
///
/// It does not wait for the broker to report a lost queue: every few seconds it compares the broker's counts with its own
/// state, and sends a probe through the queue if nothing else comes. If the check fails, the consumer subscribes again.
///
/// If a queue has a delivery limit, its active consumer reads it to its end, deletes it and replaces it with a queue that has
/// none (`queue_replacement`).
///
/// It has a thread and a connection of its own.
class consumer final : connection_loop::user {
public:
    /// Handles messages that have arrived together, in order. It is called on the consumer's thread and must not block. It is
    /// not called while the consumer is paused, or after `stop` has begun.
    using message_handler = std::function<void(std::vector<received>)>;

    /// How often the subscription is checked. When the active consumer leaves, the broker makes a standby consumer active
    /// immediately, without notifying it; the consumer finds out from the next message or the next check.
    static constexpr std::chrono::milliseconds check_interval{5'000};

    consumer(connection_settings connection, source source, message_handler on_messages, const environment& e);
    ~consumer() override;

    void start();

    /// Reports that these messages are stored, in any order. Each message is acknowledged to the broker once all messages
    /// before it are stored as well. Tags of an earlier generation are ignored. Any thread.
    void acknowledge(std::uint64_t generation, std::span<const std::uint64_t> tags);

    /// Hands over no messages until `resume`. The connection stays open, and at most `prefetch` messages wait in memory. Any
    /// thread.
    void pause();
    void resume();

    /// Reports that another component has found these queues missing and has declared them. If this consumer had subscribed to
    /// one of them before, it subscribes again. Any thread.
    void note_missing_queues(const std::vector<topology::missing_queue>& queues);

    /// Begins to stop, without waiting; `stop` follows.
    void begin_stop(std::chrono::steady_clock::time_point deadline);

    /// Hands over nothing more, waits until everything that was handed over is acknowledged or until the deadline, and
    /// disconnects. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

    enum class role {
        absent,  ///< not connected
        standby, ///< another process is active
        active,
    };
    struct status {
        connection_status connection;
        std::string subscription;
        consumer::role role = consumer::role::absent;
        std::size_t unacknowledged = 0;
        bool paused = false;
        std::string moving; ///< the queue that this process is replacing; usually empty
        /// Whether reports about delivery numbers are handed over: true if this is the active consumer and its queue is not
        /// being replaced, so that the queue contains all events in the order of their arrival.
        bool takes_reports = false;
        bool is_proven = false;       ///< no other consumer, not even one of an older version, can be the active one
        std::uint64_t generation = 0; ///< the number of the connection, which increases with each connection
    };
    /// Any thread.
    [[nodiscard]] status state() const;

private:
    using steady = std::chrono::steady_clock;
    /// The last probe that was sent. Shared, because the sender of probes may outlive the consumer.
    struct sent_probe {
        std::mutex mutex;
        std::uint64_t number = 0;
        steady::time_point sent_at{};
    };
    struct acknowledgement {
        std::uint64_t generation;
        std::vector<std::uint64_t> tags;
    };

    void on_connected(broker_connection& c) override;
    void serve(broker_connection& c) override;
    void on_disconnected() noexcept override;

    void acknowledge_finished(broker_connection& c, const std::vector<acknowledgement>& finished);
    void receive(broker_connection& c);
    void handle(incoming::delivery& d);
    void count_event(const incoming::delivery& d);
    [[nodiscard]] bool has_free_memory() const noexcept;
    void wait_for_messages(broker_connection& c, std::chrono::milliseconds max_wait);
    void hand_over();
    void forget_held();
    void keep_held();
    [[noreturn]] void leave(const broker_error& why);
    void subscribe(broker_connection& c);
    void check(broker_connection& c);
    void check_standby(broker_connection& c);
    void check_active(broker_connection& c);
    std::uint64_t send_probe();
    void handle_probe(const incoming::delivery& d);
    void read_inbox(broker_connection& c);
    [[nodiscard]] bool may_send_probes() const noexcept;
    [[nodiscard]] bool advance_replacement(broker_connection& c, steady::time_point now);
    void set_role(role r);
    void show_state();

    const connection_settings settings_;
    source source_;
    message_handler on_messages_;
    logger log_;
    metrics::gauge unacknowledged_metric_;
    metrics::counter received_metric_;
    metrics::counter redelivered_metric_;
    metrics::counter acknowledged_metric_;
    std::atomic<bool> paused_ = false;

    std::mutex inbox_mutex_;
    std::vector<acknowledgement> inbox_;
    std::vector<topology::missing_queue> missing_;

    std::uint64_t generation_ = 0; // the members from here to `replacement_` are used only on the consumer's thread
    unacked unacked_;              ///< messages that were handed over or are held
    std::vector<received> held_;   ///< the newest unacknowledged messages, which are still to be handed over
    std::size_t kept_bytes_ = 0;   ///< the size of `kept_` in memory
    steady::time_point full_since_ = steady::time_point::max(); ///< when memory became full; max() if it is not
    std::vector<received> kept_; ///< messages that were held when an earlier subscription ended during a pause; they are handed
                                 ///< over before `held_`
    role role_ = role::absent;
    steady::time_point check_at_{};
    steady::time_point subscribed_at_{};
    std::string queue_;          ///< the queue that is read now: that of the source, or the interim queue
    bool is_subscribed_ = false; ///< false while a standby consumer waits for its next check without being subscribed
    bool has_received_ = false;  ///< a message has come on this connection, so this is the active consumer
    liveness liveness_;
    const std::string id_;           ///< a UUID of this consumer
    const std::string probe_prefix_; ///< the prefix of the ids of this consumer's probes
    const std::shared_ptr<sent_probe> sent_probe_ = std::make_shared<sent_probe>();
    std::uint64_t probes_ = 0;     ///< the number of the last probe that was sent
    std::uint64_t last_probe_ = 0; ///< the number of the last probe that has come
    queue_replacement replacement_;

    mutable std::mutex status_mutex_;
    role shown_role_ = role::absent;
    std::size_t shown_unacknowledged_ = 0;
    std::string shown_moving_;
    bool shown_takes_reports_ = false;
    bool shown_is_proven_ = false;
    std::uint64_t shown_generation_ = 0;

    connection_loop loop_; ///< last, because its thread uses the other members
};

} // namespace atrium::events::rabbitmq
