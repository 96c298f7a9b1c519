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
    std::string routing_key = {}; ///< empty: each event's topic
};

/// What a publisher tells. Called on its thread, which does nothing else meanwhile: hand it on, and do not block.
struct publisher_callbacks {
    /// The broker has these safe, or no subscription that anybody knows wants them. By `event::seq`, in the order sent.
    std::function<void(std::vector<event_seq> seqs)> settled;
    /// The topology is declared, on a new connection or because something of it was missing.
    std::function<void(const topology::outcome& found)> declared;
    /// AMQP or the broker cannot carry this event; the reason is for a person. It will not be tried again.
    std::function<void(event e, std::string reason)> unsendable;
    /// A receiver asks what was sent. Empty: inquiries are not listened for.
    std::function<void(message inquiry)> inquired = {};
};

/// A message that is sent beside the events.
struct addressed_message {
    std::string exchange;
    std::string routing_key;
    message content;
};

/// Sends events to the broker, persistent and mandatory, with confirms as a stream: each is kept and sent again until the
/// broker has confirmed it, over any number of lost connections. At least once.
///
/// One thread and one connection of its own. Events go out in the order of `send`; after a lost connection those without a
/// confirm come first, by seq. Who needs order within a key gives one event of a key at a time.
class publisher final : connection_loop::user {
public:
    publisher(connection_settings connection, destination to, int window, publisher_callbacks callbacks, const environment& e);
    ~publisher() override;

    /// Connecting begins; it goes on in the background for as long as it takes.
    void start();

    /// Any thread; never blocks for long. Events given and not settled are kept without a limit.
    void send(std::vector<outgoing_event> events);

    /// Sends these in their order, once, and without confirms. They are dropped if the broker takes nothing at the moment, if
    /// it does not take messages of that size, or if many are waiting already. Any thread.
    void send_aside(std::vector<addressed_message> messages);

    /// As `probe_sender`.
    void probe(std::string queue, std::string id, std::function<void()> sent);

    /// Begins what `stop` ends, and does not wait.
    void begin_stop(std::chrono::steady_clock::time_point deadline);

    /// Sends nothing more, waits for the confirms of what is sent until the deadline, and disconnects. What is not settled
    /// then may have arrived or not. Idempotent.
    void stop(std::chrono::steady_clock::time_point deadline);

    struct status {
        connection_status connection;
        std::size_t unconfirmed = 0;      ///< sent, and not confirmed
        std::size_t waiting = 0;          ///< given, and not sent
        std::uint64_t returned = 0;       ///< messages that no queue took
        std::string blocked_reason;       ///< not empty while the broker is short of memory or disk and takes nothing
        std::vector<std::string> limited; ///< queues that drop messages which were delivered too often
    };
    /// Any thread.
    [[nodiscard]] status state() const;

private:
    using steady = std::chrono::steady_clock;

    void connected(broker_connection& c) override;
    void serve(broker_connection& c) override;
    void disconnected() noexcept override;

    struct probe_request {
        std::string queue;
        std::string id;
        std::function<void()> sent;
    };

    void declare(broker_connection& c);
    void listen_for_inquiries(broker_connection& c);
    void log_limited(const std::vector<std::string>& queues);
    void look_at_limited(broker_connection& c);
    void take_inbox();
    void send_probes(broker_connection& c);
    [[nodiscard]] result<message> sendable(const broker_connection& c, const outgoing_event& e) const;
    [[nodiscard]] result<> check_size(const broker_connection& c, const message& m) const;
    void send_some_aside(broker_connection& c);
    void send_some(broker_connection& c);
    void receive(broker_connection& c);
    void take_all(broker_connection& c, confirm_window::outcome& settlement);
    void on(incoming::confirm& c, confirm_window::outcome& settlement);
    void on(incoming::returned& r);
    void set_blocked(std::string reason);
    [[nodiscard]] bool settle(confirm_window::outcome& settlement);
    void hold_back(outgoing_event e);
    void release_when_due();
    void watch_progress();
    void show_numbers();

    destination to_;
    publisher_callbacks callbacks_;
    const clock& time_;
    logger log_;
    metrics::gauge unconfirmed_metric_;
    metrics::counter published_metric_;
    metrics::counter confirmed_metric_;
    metrics::counter returned_metric_;

    std::mutex inbox_mutex_;
    std::vector<outgoing_event> inbox_; ///< given, and not seen by the thread yet
    std::deque<addressed_message> aside_inbox_;
    std::vector<probe_request> probe_inbox_; ///< the newest of each queue

    confirm_window window_; // the thread's from here on
    steady::time_point release_at_{};
    steady::time_point routed_at_{}; ///< from then on the broker routes by what was declared; nothing is sent before
    steady::time_point received_at_{};
    steady::time_point declare_again_at_ = steady::time_point::max();
    std::vector<probe_request> probes_;
    std::deque<addressed_message> aside_;
    confirm_patience patience_;
    std::optional<std::size_t> largest_message_; ///< bytes of a body that the broker takes, once it has refused one
    bool refused_for_size_ = false;              ///< that was the end of the last connection
    bool blocked_ = false;
    std::vector<std::string> logged_limited_;
    throttle limited_log_ = throttle::once_a_minute();
    throttle return_log_ = throttle::once_a_minute();
    throttle refusal_log_ = throttle::once_a_minute();

    mutable std::mutex status_mutex_;
    status status_; ///< all but the connection

    connection_loop loop_; ///< last: its thread uses the rest
};

} // namespace atrium::events::rabbitmq
