#include "publisher.hpp"

#include "wire.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr auto second_try = 1s;              // for what the broker refused, or had no queue for
constexpr auto longest_deafness = 1s;        // while sending: heartbeats are served by receiving
constexpr auto suspicious_silence = 30s;     // of a broker that has something to confirm
constexpr std::size_t bytes_at_once = 16384; // fits where poll() says writable: Linux says so of a third of the buffer
constexpr std::size_t bytes_around = 600;    // what a message has beside its body, about

} // namespace

publisher::publisher(connection_settings connection, destination to, int window, publisher_callbacks tell, const environment& e)
    : to_{std::move(to)}, tell_{std::move(tell)}, log_{e.log.with({{"connection", connection.name}})},
      unconfirmed_metric_{e.metrics.gauge("atrium_rabbitmq_unconfirmed", "Messages sent and not confirmed yet.",
                                          {{"connection", connection.name}})},
      published_metric_{e.metrics.counter("atrium_rabbitmq_published_total",
                                          "Messages sent to the broker, repetitions included.",
                                          {{"connection", connection.name}})},
      confirmed_metric_{e.metrics.counter("atrium_rabbitmq_confirmed_total", "Messages that the broker has confirmed.",
                                          {{"connection", connection.name}})},
      returned_metric_{e.metrics.counter("atrium_rabbitmq_returned_total", "Messages that no queue took.",
                                         {{"connection", connection.name}})},
      window_{static_cast<std::size_t>(std::max(window, 1))}, loop_{std::move(connection), *this, e} {}

publisher::~publisher() = default;

void publisher::start() {
    loop_.start();
}

void publisher::send(std::vector<event> events) {
    {
        const std::lock_guard lock{mail_mutex_};
        std::ranges::move(events, std::back_inserter(mail_));
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

void publisher::connected(broker_connection& c) {
    to_.topology.declare(c);
    tell_.declared();
    c.select_confirms();
}

void publisher::serve(broker_connection& c) {
    received_at_ = confirmed_at_ = steady::now();
    for (;;) {
        take_mail();
        release_when_due();
        const auto now = steady::now();
        if (loop_.stopping() && (window_.in_flight() == 0 || now >= loop_.deadline()))
            return;

        const bool may_send = !loop_.stopping() && !blocked_ && window_.next();
        auto wait = loop_.stopping() ? std::chrono::ceil<std::chrono::milliseconds>(loop_.deadline() - now) : 1h;
        if (window_.holding())
            wait = std::min<std::chrono::milliseconds>(wait, std::chrono::ceil<std::chrono::milliseconds>(release_at_ - now));
        const auto ready = c.wait(wait, may_send);
        if (ready.readable || !ready.writable || now - received_at_ > longest_deafness) {
            received_at_ = now;
            receive(c);
        }
        if (ready.writable)
            send_some(c);
        watch_progress();
        show_numbers();
    }
}

void publisher::disconnected() noexcept {
    window_.connection_lost();
    set_blocked({});
    show_numbers();
}

void publisher::take_mail() {
    std::vector<event> mail;
    {
        const std::lock_guard lock{mail_mutex_};
        mail.swap(mail_);
    }
    window_.add(std::move(mail));
}

void publisher::send_some(broker_connection& c) {
    std::size_t bytes = 0;
    while (const auto* e = window_.next()) {
        const auto m = wire::write(*e);
        if (!m) {
            log_.error("an event cannot be sent through the broker",
                       {{"seq", e->seq}, {"topic", e->topic}, {"reason", m.error().detail}});
            tell_.unsendable(window_.withdraw(), m.error().detail);
            continue;
        }
        c.publish(to_.exchange, to_.routing_key.empty() ? m->routing_key : to_.routing_key, *m);
        window_.sent();
        published_metric_.increment();
        bytes += m->body.size() + bytes_around;
        if (bytes >= bytes_at_once)
            return;
    }
}

void publisher::receive(broker_connection& c) {
    confirm_window::outcome told;
    try {
        take_all(c, told);
    } catch (...) {
        (void)settle(told); // they came before the end; what is to be sent again follows on the next connection
        throw;
    }
    if (!settle(told))
        return;
    if (return_log_.passes())
        log_.warning("no queue took a message that a subscription wants; queues and bindings are declared again",
                     {{"what_to_do", "find out who deletes them"}});
    to_.topology.declare(c);
}

void publisher::take_all(broker_connection& c, confirm_window::outcome& told) {
    while (auto what = c.take()) {
        if (auto* confirm = std::get_if<incoming::confirm>(&*what))
            on(*confirm, told);
        else if (auto* returned = std::get_if<incoming::returned>(&*what))
            on(*returned);
        else if (auto* blocked = std::get_if<incoming::blocked>(&*what))
            set_blocked(blocked->reason.empty() ? "no reason given" : std::move(blocked->reason));
        else if (std::holds_alternative<incoming::unblocked>(*what))
            set_blocked({});
    }
}

void publisher::on(incoming::confirm& c, confirm_window::outcome& told) {
    confirmed_at_ = steady::now();
    if (!c.refused)
        return window_.confirmed(c.tag, c.multiple, told);
    const auto number = window_.refused(c.tag, c.multiple);
    release_at_ = steady::now() + second_try;
    if (number > 0 && refusal_log_.passes())
        log_.warning("the broker refused messages; they are sent again",
                     {{"messages", number}, {"what_to_do", "where it goes on, look into the broker's log and at its disk"}});
}

void publisher::on(incoming::returned& r) {
    returned_metric_.increment();
    {
        const std::lock_guard lock{status_mutex_};
        ++status_.returned;
    }
    if (!window_.returned(r.content.message_id))
        log_.debug("a message came back that is not in flight", {{"event_id", r.content.message_id}});
}

void publisher::set_blocked(std::string reason) {
    const bool blocked = !reason.empty();
    if (blocked)
        log_.warning(
            "the broker takes no messages for now; events wait meanwhile",
            {{"reason", reason}, {"what_to_do", "free memory or disk of the broker (rabbitmqctl status shows its alarms)"}});
    else if (blocked_)
        log_.info("the broker takes messages again");
    blocked_ = blocked;
    const std::lock_guard lock{status_mutex_};
    status_.blocked_reason = std::move(reason);
}

/// True where a message was wanted and found no queue: the topology is not what it should be.
bool publisher::settle(confirm_window::outcome& told) {
    bool declare_anew = false;
    for (auto& e : told.unroutable) {
        if (to_.topology.takes(to_.routing_key.empty() ? e.topic : to_.routing_key)) {
            declare_anew = true;
            hold_back(std::move(e));
        } else {
            told.settled.push_back(e.seq);
        }
    }
    confirmed_metric_.increment(static_cast<double>(told.settled.size()));
    if (!told.settled.empty())
        tell_.settled(std::move(told.settled));
    return declare_anew;
}

void publisher::hold_back(event e) {
    window_.hold(std::move(e));
    release_at_ = steady::now() + second_try;
}

void publisher::release_when_due() {
    if (window_.holding() && steady::now() >= release_at_)
        window_.release();
}

/// A quorum queue without a leader keeps its messages unconfirmed, and the broker says nothing about it.
void publisher::watch_progress() {
    if (window_.in_flight() == 0 || blocked_)
        confirmed_at_ = steady::now();
    else if (steady::now() - confirmed_at_ > suspicious_silence && silence_log_.passes())
        log_.warning(
            "the broker confirms nothing; events wait meanwhile",
            {{"unconfirmed", window_.in_flight()},
             {"what_to_do", "see whether the queues have a leader (rabbitmq-queues quorum_status QUEUE); one that stays "
                            "without must be deleted, and is declared again"}});
}

void publisher::show_numbers() {
    unconfirmed_metric_.set(static_cast<double>(window_.in_flight()));
    const std::lock_guard lock{status_mutex_};
    status_.unconfirmed = window_.in_flight();
    status_.waiting = window_.size() - window_.in_flight();
}

} // namespace atrium::events::rabbitmq
