#pragma once

#include "connection_loop.hpp"
#include "message.hpp"
#include "topology.hpp"
#include "unacked.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
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
    bool single_active = true; ///< one of several consumers gets everything, the others stand by
    int prefetch = 500;        ///< messages that are not acknowledged, at the most
};

/// Receives the messages of one queue. They are the broker's until they are acknowledged: whatever is not when a connection
/// ends comes again, in order. It never gives a single message back, which would break that order.
///
/// One thread and one connection of its own.
class consumer final : connection_loop::user {
public:
    /// What has arrived together, in order. On the consumer's thread, which does nothing else meanwhile: hand it on, and do not
    /// block. Not while paused and not after `stop` has begun.
    using arrived = std::function<void(std::vector<received>)>;

    /// How often a subscription that stands by is looked at. The broker makes it active without a word when the active one
    /// goes, at once; it shows with the next message, or when we look.
    static constexpr std::chrono::milliseconds standby_check{5'000};

    consumer(connection_settings connection, source from, arrived tell, const environment& e);
    ~consumer() override;

    void start();

    /// These are safe here. In any order; they are acknowledged once all before them are. Of a former generation: ignored.
    /// Any thread.
    void acknowledge(std::uint64_t generation, std::span<const std::uint64_t> tags);

    /// Nothing arrives until `resume`; the connection stays. At most `prefetch` messages wait in memory. Any thread.
    void pause();
    void resume();

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
    };
    /// Any thread.
    [[nodiscard]] status state() const;

private:
    using steady = std::chrono::steady_clock;
    struct acknowledgement {
        std::uint64_t generation;
        std::vector<std::uint64_t> tags;
    };

    void connected(broker_connection& c) override;
    void serve(broker_connection& c) override;
    void disconnected() noexcept override;

    void acknowledge_finished(broker_connection& c);
    void receive(broker_connection& c);
    void on(incoming::delivery& d);
    void hand_over();
    void forget_held();
    void begin_consuming(broker_connection& c);
    void look_after_standby(broker_connection& c);
    void set_role(role r);

    source from_;
    arrived tell_;
    logger log_;
    metrics::gauge unacknowledged_metric_;
    metrics::counter received_metric_;
    metrics::counter redelivered_metric_;
    metrics::counter acknowledged_metric_;
    std::atomic<bool> paused_ = false;

    std::mutex mail_mutex_;
    std::vector<acknowledgement> mail_;

    std::uint64_t generation_ = 0; // the thread's from here on
    unacked unacked_;              ///< what was handed over and what is held
    std::vector<received> held_;   ///< not handed over yet; the newest of the unacknowledged
    role role_ = role::absent;
    steady::time_point check_at_{};

    mutable std::mutex status_mutex_;
    role shown_role_ = role::absent;
    std::size_t shown_unacknowledged_ = 0;

    connection_loop loop_; ///< last: its thread uses the rest
};

} // namespace atrium::events::rabbitmq
