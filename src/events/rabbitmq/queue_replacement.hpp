#pragma once

#include "broker_connection.hpp"
#include "node_check.hpp"
#include "queue_move.hpp"
#include "redelivery_proof.hpp"
#include "topology.hpp"

#include <base/log.hpp>
#include <base/throttle.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace atrium::events::rabbitmq {

/// Replaces a queue that has a delivery limit, while a consumer reads the queue: performs the actions of `queue_move` at the
/// broker, and detects their outcomes. Before the consumer reads a queue without a limit, this class proves that the broker
/// keeps messages that are returned to such a queue.
///
/// It is used on the consumer's thread only. It makes its requests on the consumer's connection, and has short-lived
/// connections of its own for proofs and checks of the nodes.
class queue_replacement {
public:
    using clock = std::chrono::steady_clock;

    /// The queue that may have to be replaced, by a new one with the same name.
    struct base_queue {
        rabbitmq::topology topology; ///< contains the queue and its patterns
        std::string name;
        std::string consumer_id; ///< makes the names of the queues for proofs unique
    };
    /// The functions of the consumer that the replacement calls.
    struct consumer_functions {
        /// Sends a probe to the queue that the consumer reads, and returns the number of the probe.
        std::function<std::uint64_t()> send_probe;
        std::function<bool()> is_stopping;
    };
    /// The state of the consumer, as far as the next action depends on it.
    struct consumer_state {
        bool is_active = false;            ///< as far as it can know, it is the active consumer of the queue that it reads
        bool has_acknowledged_all = false; ///< every message that has arrived is acknowledged
    };

    queue_replacement(connection_settings settings, base_queue base, consumer_functions consumer, logger log);

    /// Determines on a new connection whether the queue has to be replaced. `declared` is the result of declaring the topology.
    /// Throws `broker_error`, also if the broker does not keep messages that are returned to a queue without a limit; in this
    /// case the consumer must not receive anything.
    void begin(broker_connection& c, const topology::outcome& declared);
    /// Forgets the state of the connection, which has ended.
    void end() noexcept;

    /// The queue that the consumer reads on this connection: the queue that has to be replaced or, if there is none, the base
    /// queue.
    [[nodiscard]] const std::string& queue_to_read() const noexcept;
    /// Whether no queue has to be replaced.
    [[nodiscard]] bool is_settled() const noexcept { return move_.is_settled(); }
    /// The queue that is being replaced; empty if the replacement has not begun.
    [[nodiscard]] std::string queue_being_replaced() const;
    /// Whether the consumer may send probes before a message has shown that it is the active consumer. If the queue has no
    /// limit, it may, because no process of an older version can consume from that queue. If there is an interim queue, it may,
    /// because no further message may ever come.
    [[nodiscard]] bool may_probe_at_once() const noexcept { return is_unlimited_ || move_.has_interim(); }

    /// Throws `broker_error` if another process has finished the replacement since `begin`.
    void require_due(broker_connection& c) const;
    /// Throws `broker_error` if another process has begun the replacement while this one waits for a first message. That
    /// process may have unbound the queue and ended, and then this process would wait for messages forever.
    void require_not_begun_elsewhere(broker_connection& c) const;

    /// Records that a message other than a probe has come through the queue.
    void note_message();
    /// Records that this consumer's probe with this number has come through the queue.
    void note_probe(std::uint64_t number);

    /// Performs the actions that are due. Returns true once the queue has been replaced: then the consumer must connect again.
    /// Throws `broker_error`.
    [[nodiscard]] bool advance(broker_connection& c, const consumer_state& consumer, clock::time_point now);
    /// The latest time at which to call `advance` again; max() if only an arrival or a change of the consumer's state matters.
    [[nodiscard]] clock::time_point next_advance(clock::time_point now) const noexcept;

private:
    [[nodiscard]] queue_move find_move(broker_connection& c, const topology::outcome& declared) const;
    [[nodiscard]] bool is_due(broker_connection& c) const;
    void note(queue_move::event e);
    void perform(broker_connection& c, queue_move::action a);
    std::uint64_t send_mark();
    void replace_source(broker_connection& c);
    void log_begin();

    [[nodiscard]] std::string trial_queue() const;
    [[nodiscard]] std::string node_check_queue(std::uint64_t number) const;
    void require_redelivery(broker_connection& c);
    [[nodiscard]] redelivery_proof::outcome prove_redelivery(const std::string& queue);
    redelivery_proof::outcome note_unknown(const broker_error& why);
    void begin_proof(broker_connection& c);
    void follow_proof(broker_connection& c);
    void finish_proof(broker_connection& c, redelivery_proof::outcome outcome);
    void begin_node_check();
    void follow_node_check(broker_connection& c);
    void delete_earlier_check_queues(broker_connection& c);

    const connection_settings settings_;
    const base_queue base_;
    const consumer_functions consumer_;
    logger log_;

    bool is_unlimited_ = false; ///< whether the base queue, as declared on this connection, has no limit
    queue_move move_;
    queue_move::action due_action_ = queue_move::action::none;
    clock::time_point timer_ = clock::time_point::max(); ///< when `queue_move::event::time_passed` is due
    std::uint64_t first_mark_ = 0;            ///< the first probe that counts as a mark (see `queue_move`); 0 if there is none
    std::unique_ptr<redelivery_proof> proof_; ///< runs before the interim queue is declared
    std::unique_ptr<node_check> node_check_;  ///< runs before the source is unbound, and before it is deleted
    bool is_begin_logged_ = false;            ///< whether the beginning of the replacement was logged on this connection

    bool is_redelivery_proven_ = false; ///< proven once for all connections
    std::uint64_t node_checks_ = 0;     ///< number of node checks so far; makes the names of their queues unique
    std::uint64_t deleted_checks_ = 0;  ///< the queues of the checks up to this number are deleted
    throttle proof_log_ = throttle::once_a_minute();
    throttle node_log_ = throttle::once_a_minute();
};

} // namespace atrium::events::rabbitmq
