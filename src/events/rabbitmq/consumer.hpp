#pragma once

#include "connection_loop.hpp"
#include "liveness.hpp"
#include "message.hpp"
#include "node_check.hpp"
#include "probe.hpp"
#include "queue_move.hpp"
#include "redelivery_proof.hpp"
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

/// A message that is here and not acknowledged.
struct received {
    std::uint64_t generation = 0; ///< of the connection: its tags mean nothing on the next one
    std::uint64_t tag = 0;
    bool redelivered = false; ///< the broker may have sent it before, here or elsewhere
    message content;
};

/// What a consumer reads from.
struct source {
    rabbitmq::topology topology; ///< declared on each connection, before anything is consumed
    std::string subscription;    ///< the consumer's name on the connection
    std::string queue;
    bool takes_reports = false;               ///< reports about delivery numbers are handed over like events
    bool single_active = true;                ///< one of several consumers gets everything, the others stand by
    int prefetch = 500;                       ///< messages that are not acknowledged, at the most
    std::size_t max_bytes = 16 * 1024 * 1024; ///< of those; one message more may be read
    probe_sender send_probe = {};             ///< empty: the broker's own counts must do as proof that the consumer is alive
};

/// Receives the messages of one queue. They are the broker's until they are acknowledged: whatever is not when a connection
/// ends comes again, in order. It never gives a single message back, which would break that order.
///
/// It does not wait for the broker to report that it has lost its queue: every few seconds it compares what the broker counts
/// with what it holds, and sends a probe through the queue if nothing else comes. Without the proof it subscribes again.
///
/// A queue that has a delivery limit is read to its end, deleted and replaced by its active consumer (`queue_move`).
///
/// One thread and one connection of its own.
class consumer final : connection_loop::user {
public:
    /// What has arrived together, in order. On the consumer's thread, which does nothing else meanwhile: hand it on, and do not
    /// block. Not while paused and not after `stop` has begun.
    using arrived = std::function<void(std::vector<received>)>;

    /// How often the subscription is looked at. The broker makes a standby consumer active without a word when the active one
    /// goes, at once; it shows with the next message, or when we look.
    static constexpr std::chrono::milliseconds check_interval{5'000};

    consumer(connection_settings connection, source from, arrived tell, const environment& e);
    ~consumer() override;

    void start();

    /// These are safe here. In any order; they are acknowledged once all before them are. Of a former generation: ignored.
    /// Any thread.
    void acknowledge(std::uint64_t generation, std::span<const std::uint64_t> tags);

    /// Nothing arrives until `resume`; the connection stays. At most `prefetch` messages wait in memory. Any thread.
    void pause();
    void resume();

    /// Another component has declared these queues because they were missing at those times: if it was subscribed to one of
    /// them before, it subscribes again. Any thread.
    void queues_were_missing(const std::vector<topology::missing_queue>& queues);

    /// Begins what `stop` ends, and does not wait.
    void begin_stop(std::chrono::steady_clock::time_point deadline);

    /// Nothing arrives any more; waits until what has arrived is acknowledged, at most until the deadline, and disconnects.
    /// Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

    enum class role {
        absent,  ///< not connected
        standby, ///< another process has it
        active,
    };
    struct status {
        connection_status connection;
        std::string subscription;
        consumer::role role = consumer::role::absent;
        std::size_t unacknowledged = 0;
        bool paused = false;
        std::string moving; ///< the queue that this process is replacing; empty in general
        /// It is the active consumer, and what it reads holds everything in the order of its arrival: reports about delivery
        /// numbers are handed over.
        bool takes_reports = false;
        bool is_proven = false;       ///< nothing else can be the active consumer, of whatever version
        std::uint64_t generation = 0; ///< of the connection
    };
    /// Any thread.
    [[nodiscard]] status state() const;

private:
    using steady = std::chrono::steady_clock;
    /// The last probe that has left. Whoever sends probes may outlive the consumer.
    struct sent_probe {
        std::mutex mutex;
        std::uint64_t number = 0;
        steady::time_point when{};
    };
    struct acknowledgement {
        std::uint64_t generation;
        std::vector<std::uint64_t> tags;
    };

    void connected(broker_connection& c) override;
    void serve(broker_connection& c) override;
    void disconnected() noexcept override;

    void acknowledge_finished(broker_connection& c, const std::vector<acknowledgement>& finished);
    void receive(broker_connection& c);
    void on(incoming::delivery& d);
    void count_event(const incoming::delivery& d);
    [[nodiscard]] bool has_room() const noexcept;
    void wait_for_messages(broker_connection& c, std::chrono::milliseconds longest);
    void hand_over();
    void forget_held();
    void keep_held();
    [[noreturn]] void leave(const broker_error& why);
    void subscribe(broker_connection& c);
    void check(broker_connection& c);
    void check_waiting(broker_connection& c) const;
    void check_standby(broker_connection& c);
    void check_active(broker_connection& c);
    void send_probe();
    void on_probe(const incoming::delivery& d);
    void read_inbox(broker_connection& c);
    [[nodiscard]] queue_move find_move(broker_connection& c, const topology::outcome& declared) const;
    [[nodiscard]] bool is_move_due(broker_connection& c) const;
    void require_redelivery(broker_connection& c);
    [[nodiscard]] std::string trial_queue() const;
    [[nodiscard]] redelivery_proof::outcome prove_redelivery(const std::string& queue);
    redelivery_proof::outcome note_unknown(const broker_error& why);
    [[nodiscard]] bool may_send_probes() const noexcept;
    [[nodiscard]] bool advance_move(broker_connection& c, steady::time_point now);
    void note(queue_move::event e);
    void perform(broker_connection& c, queue_move::action a);
    void begin_proof(broker_connection& c);
    void follow_proof(broker_connection& c);
    void finish_proof(broker_connection& c, redelivery_proof::outcome outcome);
    void begin_node_check();
    void follow_node_check();
    void send_mark();
    void replace_source(broker_connection& c);
    void show_move();
    void set_role(role r);
    void show_state();

    const connection_settings settings_;
    source from_;
    arrived tell_;
    logger log_;
    metrics::gauge unacknowledged_metric_;
    metrics::counter received_metric_;
    metrics::counter redelivered_metric_;
    metrics::counter acknowledged_metric_;
    std::atomic<bool> paused_ = false;

    std::mutex inbox_mutex_;
    std::vector<acknowledgement> inbox_;
    std::vector<topology::missing_queue> missing_;

    std::uint64_t generation_ = 0; // the thread's from here on
    unacked unacked_;              ///< what was handed over and what is held
    std::vector<received> held_;   ///< not handed over yet; the newest of the unacknowledged
    std::size_t kept_bytes_ = 0;
    steady::time_point full_since_ = steady::time_point::max(); ///< nothing is read from then on; max: something is
    std::vector<received> kept_; ///< held when an earlier subscription ended during a pause; handed over before `held_`
    role role_ = role::absent;
    steady::time_point check_at_{};
    steady::time_point subscribed_at_{};
    std::string queue_;          ///< what is read now: the source's queue, or the interim one
    bool is_unlimited_ = false;  ///< the source's queue, as declared on this connection
    bool is_subscribed_ = false; ///< not while a standby consumer stays away from the row
    bool has_received_ = false;  ///< something on this connection: this is the active consumer
    liveness liveness_;
    const std::string probe_prefix_; ///< of the ids of our probes
    const std::shared_ptr<sent_probe> sent_probe_ = std::make_shared<sent_probe>();
    std::uint64_t probes_ = 0;     ///< the number of the last one
    std::uint64_t last_probe_ = 0; ///< the last one that has come
    queue_move move_;
    queue_move::action due_action_ = queue_move::action::none;
    steady::time_point move_timer_ = steady::time_point::max(); ///< for `time_passed`
    std::uint64_t first_mark_ = 0;                              ///< the first probe that counts as a mark; 0: none
    std::unique_ptr<redelivery_proof> proof_;                   ///< before the interim queue is declared
    std::unique_ptr<node_check> node_check_;                    ///< before the source is unbound, and before it is deleted
    bool is_redelivery_proven_ = false;                         ///< of this broker, once for all connections
    throttle proof_log_ = throttle::once_a_minute();
    throttle node_log_ = throttle::once_a_minute();
    std::uint64_t node_checks_ = 0; ///< for names that were never used before

    mutable std::mutex status_mutex_;
    role shown_role_ = role::absent;
    std::size_t shown_unacknowledged_ = 0;
    std::string shown_move_;
    bool shown_takes_reports_ = false;
    bool shown_is_proven_ = false;
    std::uint64_t shown_generation_ = 0;

    connection_loop loop_; ///< last: its thread uses the rest
};

} // namespace atrium::events::rabbitmq
