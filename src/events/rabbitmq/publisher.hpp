#pragma once

#include "confirm_patience.hpp"
#include "confirm_window.hpp"
#include "connection_loop.hpp"
#include "number_messages.hpp"
#include "probe.hpp"
#include "topology.hpp"

#include <events/event.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace atrium::events::rabbitmq {

/// Where a publisher's messages go.
struct destination {
    rabbitmq::topology topology;  ///< declared on each connection, before anything is published
    std::string exchange;         ///< "" is the default exchange, whose routing keys are names of queues
    std::string routing_key = {}; ///< if empty, the topic of each event is used
};

/// The notifications of a publisher. They are called on its thread and must not block.
struct publisher_callbacks {
    /// The broker has stored these events, or no known subscription matches them. `seqs` are their `event::seq`, in any order.
    std::function<void(std::vector<event_seq> seqs)> settled;
    /// The topology was declared: on a new connection, or again because a part of it was missing or a queue was replaced.
    std::function<void(const topology::outcome& found)> declared;
    /// AMQP or the broker cannot carry this event, and it will not be sent again. The reason is meant for a human reader.
    std::function<void(event e, std::string reason)> unsendable;
    /// A receiver has sent an inquiry about what was sent. If this callback is empty, the publisher does not listen for
    /// inquiries.
    std::function<void(message inquiry)> inquired = {};
};

/// A message that is sent in addition to the events.
struct addressed_message {
    std::string exchange;
    std::string routing_key;
    message content;
};

/// Sends events to the broker as persistent, mandatory messages, of which at most `window` are unconfirmed at the same time.
/// Each event is kept until the broker has confirmed it. If the connection is lost before that, the event is sent again on the
/// next connection. So each event is sent at least once.
///
/// It has a thread and a connection of its own. Events are sent in the order of `send`; after a lost connection, the
/// unconfirmed ones are sent first, by seq. A caller that needs the events of a key in order must pass an event only
/// when the previous event of its key is settled.
class publisher final : connection_loop::user {
public:
    publisher(connection_settings connection, destination destination, int window, publisher_callbacks callbacks,
              const environment& e);
    ~publisher() override;

    /// Begins to connect, in the background, and tries until it succeeds.
    void start();

    /// Sends events. Events are kept, however many they are, until they are settled. Any thread; never blocks for long.
    void send(std::vector<outgoing_event> events);

    /// Sends these messages in order, once, and without confirms. Messages are dropped if the broker currently accepts nothing,
    /// if they are too large for it, or if too many are waiting already. Any thread.
    void send_aside(std::vector<addressed_message> messages);

    /// See `probe_sender`.
    void probe(std::string queue, std::string id, std::function<void()> sent);

    /// Begins to stop, without waiting; `stop` follows.
    void begin_stop(std::chrono::steady_clock::time_point deadline);

    /// Sends nothing more, waits until the deadline for outstanding confirms, and disconnects. Events that are not settled then
    /// may or may not have arrived. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

    struct status {
        connection_status connection;
        std::size_t unconfirmed = 0;      ///< sent but not confirmed
        std::size_t waiting = 0;          ///< passed to `send` but not sent yet
        std::uint64_t returned = 0;       ///< messages that were not routed to any queue
        std::string blocked_reason;       ///< not empty while the broker is short of memory or disk and accepts nothing
        std::vector<std::string> limited; ///< queues that drop messages which were delivered too often
    };
    /// Any thread.
    [[nodiscard]] status state() const;

private:
    using steady = std::chrono::steady_clock;

    void on_connected(broker_connection& c) override;
    void serve(broker_connection& c) override;
    void on_disconnected() noexcept override;

    struct probe_request {
        std::string queue;
        std::string id;
        std::function<void()> sent;
    };

    void declare(broker_connection& c);
    void listen_for_inquiries(broker_connection& c);
    void log_limited(const std::vector<std::string>& queues);
    void check_limited(broker_connection& c);
    void take_inbox();
    void send_probes(broker_connection& c);
    [[nodiscard]] result<message> to_message(const broker_connection& c, const outgoing_event& e) const;
    [[nodiscard]] result<> check_size(const broker_connection& c, const message& m) const;
    void send_some_aside(broker_connection& c);
    void send_some(broker_connection& c);
    void receive(broker_connection& c);
    void take_all(broker_connection& c, confirm_window::outcome& settlement);
    void handle(incoming::confirm& c, confirm_window::outcome& settlement);
    void handle(incoming::returned& r);
    void set_blocked(std::string reason);
    [[nodiscard]] bool settle(confirm_window::outcome& settlement);
    void hold_back(outgoing_event e);
    void release_when_due();
    void watch_progress();
    void show_numbers();

    destination destination_;
    publisher_callbacks callbacks_;
    const clock& time_;
    logger log_;
    metrics::gauge unconfirmed_metric_;
    metrics::counter published_metric_;
    metrics::counter confirmed_metric_;
    metrics::counter returned_metric_;

    std::mutex inbox_mutex_;
    std::vector<outgoing_event> inbox_; ///< passed to `send` but not taken by the thread yet
    std::deque<addressed_message> aside_inbox_;
    std::vector<probe_request> probe_inbox_; ///< the newest request for each queue

    confirm_window window_;            // the members from here to `refusal_log_` are used only on the publisher's thread
    steady::time_point release_at_{};  ///< when the held events are released
    steady::time_point routed_at_{};   ///< when the broker certainly routes by the new declarations; no event is sent before
    steady::time_point received_at_{}; ///< when incoming data was last handled
    steady::time_point limited_check_at_ = steady::time_point::max(); ///< max() if no queue has a delivery limit
    std::vector<probe_request> probes_;   ///< requests that were taken from the inbox but not sent yet
    std::deque<addressed_message> aside_; ///< messages that were taken from the inbox but not sent yet
    confirm_patience patience_;
    std::optional<std::size_t> largest_message_; ///< max body size in bytes, known once the broker has refused a message
    bool refused_for_size_ = false;              ///< the last connection ended because a message was too large
    bool blocked_ = false;
    std::vector<std::string> logged_limited_;
    throttle limited_log_ = throttle::once_a_minute();
    throttle return_log_ = throttle::once_a_minute();
    throttle refusal_log_ = throttle::once_a_minute();

    mutable std::mutex status_mutex_;
    status status_; ///< all members except the connection

    connection_loop loop_; ///< last, because its thread uses the other members
};

} // namespace atrium::events::rabbitmq
