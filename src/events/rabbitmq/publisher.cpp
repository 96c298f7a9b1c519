#include "publisher.hpp"

#include "wire.hpp"

#include <base/ids.hpp>

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr auto resend_delay = 1s;    // the wait before events that the broker refused or could not route are sent again
constexpr auto max_receive_gap = 1s; // max time to send without receiving; receiving also handles heartbeats
constexpr auto limited_check_interval =
    5s; // the time between two checks whether a queue with a delivery limit has been replaced
/// Sending this many bytes does not block after poll() has reported that the socket is writable, because Linux reports this
/// only if at least a third of the send buffer is free.
constexpr std::size_t max_bytes_at_once = 16384;
constexpr std::size_t max_aside = 2'000; // max number of inquiries and reports that wait to be sent
constexpr std::size_t overhead = 600;    // approximate size of a message without its body, in bytes

} // namespace

publisher::publisher(connection_settings connection, destination destination, int window, publisher_callbacks callbacks,
                     const environment& e)
    : destination_{std::move(destination)}, callbacks_{std::move(callbacks)}, time_{e.time},
      log_{e.log.with({{"connection", connection.name}})},
      unconfirmed_metric_{e.metrics.gauge("atrium_rabbitmq_unconfirmed", "Messages sent and not confirmed yet",
                                          {{"connection", connection.name}})},
      published_metric_{e.metrics.counter("atrium_rabbitmq_published_total",
                                          "Messages sent to the broker, including repeated ones",
                                          {{"connection", connection.name}})},
      confirmed_metric_{e.metrics.counter("atrium_rabbitmq_confirmed_total", "Messages that the broker has confirmed",
                                          {{"connection", connection.name}})},
      returned_metric_{e.metrics.counter("atrium_rabbitmq_returned_total", "Messages that no queue took",
                                         {{"connection", connection.name}})},
      window_{static_cast<std::size_t>(std::max(window, 1))}, loop_{std::move(connection), *this, e} {}

publisher::~publisher() = default;

void publisher::start() {
    loop_.start();
}

void publisher::send(std::vector<outgoing_event> events) {
    {
        const std::lock_guard lock{inbox_mutex_};
        std::ranges::move(events, std::back_inserter(inbox_));
    }
    loop_.wake();
}

void publisher::send_aside(std::vector<addressed_message> messages) {
    {
        const std::lock_guard lock{inbox_mutex_};
        if (aside_inbox_.size() >= max_aside)
            return;
        std::ranges::move(messages, std::back_inserter(aside_inbox_));
    }
    loop_.wake();
}

void publisher::probe(std::string queue, std::string id, std::function<void()> sent) {
    {
        const std::lock_guard lock{inbox_mutex_};
        std::erase_if(probe_inbox_, [&](const probe_request& r) { return r.queue == queue; });
        probe_inbox_.push_back({std::move(queue), std::move(id), std::move(sent)});
    }
    loop_.wake();
}

void publisher::begin_stop(steady::time_point deadline) {
    loop_.begin_stop(deadline);
}

void publisher::stop(steady::time_point deadline) {
    loop_.stop(deadline);
}

publisher::status publisher::state() const {
    status s;
    {
        const std::lock_guard lock{status_mutex_};
        s = status_;
    }
    s.connection = loop_.status();
    return s;
}

// The thread ------------------------------------------------------------------------------------------------------------------

void publisher::on_connected(broker_connection& c) {
    declare(c);
    if (callbacks_.inquired)
        listen_for_inquiries(c);
    c.select_confirms();
    if (!std::exchange(refused_for_size_, false))
        largest_message_.reset(); // the broker's limit may have been raised
    const std::lock_guard lock{inbox_mutex_};
    probe_inbox_.clear(); // the requests are outdated; a consumer that still needs a probe asks again
    aside_inbox_.clear(); // outdated as well
}

/// Uses a new queue name on each connection, because the broker may not have noticed yet that the last connection is gone, and
/// may still keep its exclusive queue.
void publisher::listen_for_inquiries(broker_connection& c) {
    const auto exchange = inquiry_exchange(destination_.exchange);
    const auto queue = destination_.exchange + ".publisher." + make_uuid_v7(time_.now());
    c.declare_exchange(exchange, broker_connection::exchange_kind::fanout);
    c.declare_queue(queue, broker_connection::queue_kind::exclusive);
    c.bind(queue, exchange, {});
    c.consume_unacknowledged(queue, "inquiries");
}

void publisher::declare(broker_connection& c) {
    const auto found = destination_.topology.declare(c);
    if (c.version() >= negative_limits && !destination_.topology.queues.empty())
        routed_at_ = steady::now() + routing_delay;
    log_limited(found.limited);
    limited_check_at_ = found.limited.empty() ? steady::time_point::max() : steady::now() + limited_check_interval;
    {
        const std::lock_guard lock{status_mutex_};
        status_.limited = found.limited;
    }
    callbacks_.declared(found);
}

/// Logs the queues that have a delivery limit: whenever they have changed, and otherwise once a minute.
void publisher::log_limited(const std::vector<std::string>& queues) {
    const bool is_new = std::exchange(logged_limited_, queues) != queues;
    if (queues.empty() || (!limited_log_.pass() && !is_new))
        return;
    for (const auto& queue : queues)
        log_.warning("a queue drops messages that were delivered too often",
                     {{"queue", queue},
                      {"what_to_do", "start this version of the process that consumes from the queue; that process replaces "
                                     "it with a queue that has no delivery limit"}});
}

/// Checks whether a queue with a delivery limit has been replaced, and declares the topology again in this case. Until
/// then the publisher does not bind the queue, because the process that replaces the queue unbinds it on purpose.
void publisher::check_limited(broker_connection& c) {
    limited_check_at_ = steady::now() + limited_check_interval;
    for (const auto& queue : state().limited)
        if (!c.find_queue(queue) ||
            c.declare_queue(queue, broker_connection::queue_kind::single_active_quorum) != delivery_limit::limited)
            return declare(c);
}

void publisher::serve(broker_connection& c) {
    received_at_ = steady::now();
    patience_.restart();
    for (;;) {
        take_inbox();
        send_probes(c);
        release_when_due();
        const auto now = steady::now();
        if (now >= limited_check_at_ && !loop_.stopping())
            check_limited(c);
        if (loop_.stopping() && (window_.in_flight() == 0 || now >= loop_.deadline()))
            return;

        const bool has_event = !loop_.stopping() && !blocked_ && window_.next();
        const bool may_send = has_event && now >= routed_at_;
        const bool may_write = may_send || !aside_.empty();
        auto wait = loop_.stopping() ? std::chrono::ceil<std::chrono::milliseconds>(loop_.deadline() - now) : 1h;
        if (window_.has_held())
            wait = std::min<std::chrono::milliseconds>(wait, std::chrono::ceil<std::chrono::milliseconds>(release_at_ - now));
        if (has_event && !may_send)
            wait = std::min<std::chrono::milliseconds>(wait, std::chrono::ceil<std::chrono::milliseconds>(routed_at_ - now));
        if (limited_check_at_ != steady::time_point::max())
            wait = std::min<std::chrono::milliseconds>(wait, limited_check_interval);
        const auto ready = c.wait(wait, may_write);
        if (ready.readable || !ready.writable || now - received_at_ > max_receive_gap) {
            received_at_ = now;
            receive(c);
        }
        if (ready.writable && may_send)
            send_some(c);
        if (ready.writable)
            send_some_aside(c);
        watch_progress();
        show_numbers();
    }
}

void publisher::on_disconnected() noexcept {
    window_.note_connection_lost();
    aside_.clear();
    set_blocked({});
    show_numbers();
}

void publisher::take_inbox() {
    std::vector<outgoing_event> events;
    {
        const std::lock_guard lock{inbox_mutex_};
        events.swap(inbox_);
        probes_.swap(probe_inbox_);
        std::ranges::move(aside_inbox_, std::back_inserter(aside_));
        aside_inbox_.clear();
    }
    window_.add(std::move(events));
    if (blocked_ || loop_.stopping())
        aside_.clear();
}

/// Calls `sent` only after a probe was sent. Otherwise the consumer would count a probe that still waits here as lost.
void publisher::send_probes(broker_connection& c) {
    for (const auto& each : std::exchange(probes_, {})) {
        if (blocked_ || loop_.stopping())
            continue;
        c.publish_aside(probe_exchange(destination_.exchange), each.queue, make_probe(each.id));
        each.sent();
    }
}

/// Returns the message for an event, if AMQP and this broker can carry it.
result<message> publisher::to_message(const broker_connection& c, const outgoing_event& e) const {
    auto m = wire::write(e);
    if (!m)
        return m;
    add_numbers(*m, e);
    if (const auto fits = check_size(c, *m); !fits)
        return fits.error();
    return m;
}

result<> publisher::check_size(const broker_connection& c, const message& m) const {
    if (wire::size_of_properties(m) > c.frame_size())
        return error{errc::invalid, "its source, topic and key do not fit into a frame of the broker (its frame_max is " +
                                        std::to_string(c.frame_size()) + " bytes)"};
    if (largest_message_ && m.body.size() > *largest_message_)
        return error{errc::invalid, "its data has " + std::to_string(m.body.size()) + " bytes and the broker accepts up to " +
                                        std::to_string(*largest_message_) + " (its max_message_size)"};
    return {};
}

void publisher::send_some_aside(broker_connection& c) {
    for (std::size_t bytes = 0; !aside_.empty() && bytes < max_bytes_at_once; aside_.pop_front()) {
        const auto& [exchange, routing_key, content] = aside_.front();
        if (check_size(c, content))
            c.publish_aside(exchange, routing_key, content);
        bytes += content.body.size() + overhead;
    }
}

void publisher::send_some(broker_connection& c) {
    std::size_t bytes = 0;
    while (const auto* e = window_.next()) {
        const auto m = to_message(c, *e);
        if (!m) {
            log_.error("an event cannot be sent through the broker",
                       {{"seq", e->seq.value}, {"topic", e->topic}, {"reason", m.error().detail}});
            patience_.note_finished(e->seq);
            callbacks_.unsendable(window_.withdraw(), m.error().detail);
            continue;
        }
        if (e->queue.empty())
            c.publish(destination_.exchange, destination_.routing_key.empty() ? m->routing_key : destination_.routing_key, *m);
        else
            c.publish(probe_exchange(destination_.exchange), e->queue, *m);
        window_.note_sent();
        published_metric_.increment();
        bytes += m->body.size() + overhead;
        if (bytes >= max_bytes_at_once)
            return;
    }
}

void publisher::receive(broker_connection& c) {
    confirm_window::outcome settlement;
    try {
        take_all(c, settlement);
    } catch (const broker_error& e) {
        refused_for_size_ = e.largest_message().has_value();
        if (refused_for_size_)
            largest_message_ = e.largest_message();
        // The confirms in `settlement` came before the connection ended. Other events are sent again on the next connection.
        (void)settle(settlement);
        throw;
    } catch (...) {
        (void)settle(settlement);
        throw;
    }
    if (!settle(settlement))
        return;
    if (return_log_.pass())
        log_.warning("a message reached no queue although one should take it; queues and bindings are declared again",
                     {{"what_to_do", "find out what deletes them"}});
    declare(c);
}

void publisher::take_all(broker_connection& c, confirm_window::outcome& settlement) {
    while (auto next = c.take()) {
        if (auto* confirm = std::get_if<incoming::confirm>(&*next))
            handle(*confirm, settlement);
        else if (auto* returned = std::get_if<incoming::returned>(&*next))
            handle(*returned);
        else if (auto* blocked = std::get_if<incoming::blocked>(&*next))
            set_blocked(blocked->reason.empty() ? "no reason given" : std::move(blocked->reason));
        else if (std::holds_alternative<incoming::unblocked>(*next))
            set_blocked({});
        else if (auto* inquiry = std::get_if<incoming::delivery>(&*next))
            callbacks_.inquired(std::move(inquiry->content));
        else if (std::holds_alternative<incoming::cancelled>(*next))
            throw broker_error{"the broker ended the consumer of inquiries",
                               "nothing if the node of the consumer was stopped on purpose", broker_error::remedy::time};
    }
}

void publisher::handle(incoming::confirm& c, confirm_window::outcome& settlement) {
    if (!c.refused)
        return window_.note_confirmed(c.tag, c.multiple, settlement);
    const auto count = window_.note_refused(c.tag, c.multiple);
    release_at_ = steady::now() + resend_delay;
    if (count > 0 && refusal_log_.pass())
        log_.warning("the broker refused messages; they are sent again",
                     {{"messages", count}, {"what_to_do", "if this continues, check the broker's log and its disk"}});
}

void publisher::handle(incoming::returned& r) {
    returned_metric_.increment();
    {
        const std::lock_guard lock{status_mutex_};
        ++status_.returned;
    }
    if (!window_.note_returned(r.content.message_id))
        log_.debug("a returned message is not in flight", {{"event_id", r.content.message_id}});
}

void publisher::set_blocked(std::string reason) {
    const bool blocked = !reason.empty();
    if (blocked)
        log_.warning(
            "the broker takes no messages for now; events wait in the journal",
            {{"reason", reason}, {"what_to_do", "free memory or disk of the broker (rabbitmqctl status shows its alarms)"}});
    else if (blocked_)
        log_.info("the broker takes messages again");
    blocked_ = blocked;
    const std::lock_guard lock{status_mutex_};
    status_.blocked_reason = std::move(reason);
}

/// Reports the events that are finished, and holds back those that reached no queue but should have. Returns true if it
/// has held back any, so the topology must be declared again.
bool publisher::settle(confirm_window::outcome& settlement) {
    bool is_queue_missing = false;
    for (auto& e : settlement.unroutable) {
        patience_.note_finished(e.seq);
        if (destination_.topology.takes(destination_.routing_key.empty() ? e.topic : destination_.routing_key)) {
            is_queue_missing = true;
            hold_back(std::move(e));
        } else {
            settlement.settled.push_back(e.seq);
        }
    }
    for (const auto seq : settlement.settled)
        patience_.note_finished(seq);
    confirmed_metric_.increment(static_cast<double>(settlement.settled.size()));
    if (!settlement.settled.empty())
        callbacks_.settled(std::move(settlement.settled));
    return is_queue_missing;
}

void publisher::hold_back(outgoing_event e) {
    window_.hold(std::move(e));
    release_at_ = steady::now() + resend_delay;
}

void publisher::release_when_due() {
    if (window_.has_held() && steady::now() >= release_at_)
        window_.release();
}

/// Messages stay unconfirmed if a quorum queue has no leader, or if a channel still sends to a queue that was deleted and
/// declared again (RabbitMQ 3.10). The broker reports neither case. A new connection fixes the second case, so this function
/// ends the connection if the oldest message stays unconfirmed for too long.
void publisher::watch_progress() {
    const auto oldest = window_.oldest_in_flight();
    if (!oldest || blocked_ || loop_.stopping())
        return patience_.restart();
    if (!patience_.is_exhausted(*oldest, steady::now()))
        return;
    throw broker_error{
        "the broker does not confirm the messages to a queue (" + std::to_string(window_.in_flight()) +
            " messages are unconfirmed)",
        "check whether the queues have a leader (rabbitmq-queues quorum_status QUEUE); delete a queue that stays "
        "without a leader; it is then declared again",
        broker_error::remedy::time};
}

void publisher::show_numbers() {
    unconfirmed_metric_.set(static_cast<double>(window_.in_flight()));
    const std::lock_guard lock{status_mutex_};
    status_.unconfirmed = window_.in_flight();
    status_.waiting = window_.size() - window_.in_flight();
}

} // namespace atrium::events::rabbitmq
