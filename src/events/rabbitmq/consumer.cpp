#include "consumer.hpp"

#include "number_messages.hpp"

#include <base/ids.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_messages_at_once = 1000; // max number of messages that are handed over together

/// Returns 0.5 to 1.5 times the interval, at random.
std::chrono::milliseconds jittered(std::chrono::milliseconds interval) {
    return std::chrono::round<std::chrono::milliseconds>(interval * (0.5 + random_fraction()));
}

/// The approximate memory of a message, in bytes.
std::size_t memory_of(const message& m) {
    constexpr std::size_t overhead = 1024; // the size of everything except the body
    return m.body.size() + overhead;
}

} // namespace

consumer::consumer(connection_settings connection, source source, message_handler on_messages, const environment& e)
    : settings_{connection}, source_{std::move(source)}, on_messages_{std::move(on_messages)},
      log_{e.log.with({{"connection", connection.name}})},
      unacknowledged_metric_{e.metrics.gauge("atrium_rabbitmq_unacknowledged", "Messages received and not acknowledged yet",
                                             {{"connection", connection.name}})},
      received_metric_{e.metrics.counter("atrium_rabbitmq_received_total", "Messages received, including repeated ones",
                                         {{"connection", connection.name}})},
      redelivered_metric_{e.metrics.counter("atrium_rabbitmq_redelivered_total", "Messages that may have been received before",
                                            {{"connection", connection.name}})},
      acknowledged_metric_{e.metrics.counter("atrium_rabbitmq_acknowledged_total", "Messages acknowledged to the broker",
                                             {{"connection", connection.name}})},
      id_{make_uuid_v7(e.time.now())}, probe_prefix_{id_ + "/"},
      replacement_{settings_,
                   {.topology = source_.topology, .name = source_.queue, .consumer_id = id_},
                   {.send_probe = [this] { return send_probe(); }, .is_stopping = [this] { return loop_.stopping(); }},
                   log_},
      loop_{std::move(connection), *this, e} {}

consumer::~consumer() = default;

void consumer::start() {
    loop_.start();
}

void consumer::acknowledge(std::uint64_t generation, std::span<const std::uint64_t> tags) {
    {
        const std::lock_guard lock{inbox_mutex_};
        inbox_.push_back({generation, {tags.begin(), tags.end()}});
    }
    loop_.wake();
}

void consumer::pause() {
    paused_ = true;
}

void consumer::resume() {
    paused_ = false;
    loop_.wake();
}

void consumer::note_missing_queues(const std::vector<topology::missing_queue>& queues) {
    {
        const std::lock_guard lock{inbox_mutex_};
        missing_.insert(missing_.end(), queues.begin(), queues.end());
    }
    loop_.wake();
}

void consumer::begin_stop(steady::time_point deadline) {
    loop_.begin_stop(deadline);
}

void consumer::stop(steady::time_point deadline) {
    loop_.stop(deadline);
}

consumer::status consumer::state() const {
    status s;
    s.paused = paused_;
    s.subscription = source_.subscription;
    {
        const std::lock_guard lock{status_mutex_};
        s.unacknowledged = shown_unacknowledged_;
        s.role = shown_role_;
        s.moving = shown_moving_;
        s.takes_reports = shown_takes_reports_;
        s.is_proven = shown_is_proven_;
        s.generation = shown_generation_;
    }
    s.connection = loop_.status();
    return s;
}

// The thread ------------------------------------------------------------------------------------------------------------------

void consumer::on_connected(broker_connection& c) {
    ++generation_;
    const auto declared = source_.topology.declare(c);
    queue_ = source_.queue;
    has_received_ = false;
    if (source_.single_active) {
        replacement_.begin(c, declared);
        queue_ = replacement_.queue_to_read();
    }
    c.set_prefetch(source_.prefetch);
    subscribe(c);
    check_at_ = subscribed_at_ + check_interval;
}

void consumer::serve(broker_connection& c) {
    for (;;) {
        read_inbox(c);
        if (loop_.stopping())
            forget_held();
        const auto now = steady::now();
        if (loop_.stopping() && (unacked_.empty() || now >= loop_.deadline()))
            return;
        if (!paused_)
            hand_over();
        if (!loop_.stopping() && advance_replacement(c, now))
            return;
        if (now >= check_at_)
            check(c);
        show_state();
        auto until = std::min(check_at_, replacement_.next_advance(now));
        if (loop_.stopping())
            until = std::min(until, loop_.deadline());
        wait_for_messages(c, std::chrono::ceil<std::chrono::milliseconds>(until - now));
    }
}

bool consumer::has_free_memory() const noexcept {
    return unacked_.bytes() + kept_bytes_ < source_.max_bytes;
}

/// While the messages in memory reach their limit, nothing is read, so that the broker keeps further messages. Heartbeats are
/// neither read nor sent in the meantime. So if the limit is reached for long, this process closes the connection before the
/// broker does.
void consumer::wait_for_messages(broker_connection& c, std::chrono::milliseconds max_wait) {
    if (has_free_memory()) {
        full_since_ = steady::time_point::max();
        c.wait(max_wait, false);
        return receive(c);
    }
    const auto now = steady::now();
    full_since_ = std::min(full_since_, now);
    if (now - full_since_ >= settings_.heartbeat)
        leave({"messages from the broker cannot be stored, and no more fit into memory",
               "check the log for storage errors; the messages stay with the broker", broker_error::remedy::time});
    c.wait_without_reading(std::min<std::chrono::milliseconds>(max_wait, settings_.heartbeat));
}

void consumer::on_disconnected() noexcept {
    unacked_.clear();
    held_.clear();
    full_since_ = steady::time_point::max();
    role_ = role::absent;
    replacement_.end();
    unacknowledged_metric_.set(0);
    const std::lock_guard lock{status_mutex_};
    shown_moving_.clear();
    shown_takes_reports_ = false;
    shown_is_proven_ = false;
    shown_role_ = role_;
    shown_unacknowledged_ = 0;
}

void consumer::read_inbox(broker_connection& c) {
    std::vector<acknowledgement> finished;
    std::vector<topology::missing_queue> missing;
    {
        const std::lock_guard lock{inbox_mutex_};
        finished.swap(inbox_);
        missing.swap(missing_);
    }
    acknowledge_finished(c, finished);
    {
        const std::lock_guard lock{sent_probe_->mutex};
        if (sent_probe_->number > last_probe_ && sent_probe_->sent_at > subscribed_at_)
            liveness_.note_probe_sent(sent_probe_->sent_at);
    }
    for (const auto& [queue, lookup_time] : missing)
        if (queue == queue_ && lookup_time > subscribed_at_)
            leave({"the queue " + queue + " was missing and has been declared again", "find out what deletes it",
                   broker_error::remedy::time});
}

void consumer::acknowledge_finished(broker_connection& c, const std::vector<acknowledgement>& finished) {
    std::optional<std::uint64_t> up_to;
    std::size_t number = 0;
    for (const auto& [generation, tags] : finished)
        if (generation == generation_)
            if (const auto moved = unacked_.finish(tags, number))
                up_to = moved;
    if (up_to) {
        c.acknowledge(*up_to);
        acknowledged_metric_.increment(static_cast<double>(number));
    }
    unacknowledged_metric_.set(static_cast<double>(unacked_.size()));
    const std::lock_guard lock{status_mutex_};
    shown_unacknowledged_ = unacked_.size();
}

void consumer::receive(broker_connection& c) {
    while (has_free_memory() && (held_.size() < max_messages_at_once || paused_)) {
        auto next = c.take();
        if (!next)
            return;
        if (auto* delivery = std::get_if<incoming::delivery>(&*next))
            handle(*delivery);
        else if (const auto* end = std::get_if<incoming::cancelled>(&*next))
            leave({"the broker ended the consumer of subscription " + end->consumer,
                   "nothing if its queue was deleted or its node stopped on purpose: the queue is declared again",
                   broker_error::remedy::time});
    }
}

void consumer::handle(incoming::delivery& d) {
    // While a queue is being replaced, events that a report covers may still wait in the other queue, so reports are not handed
    // over.
    const bool must_hand_over_report = source_.takes_reports && is_report(d.content) && replacement_.is_settled();
    if (is_probe(d.content) && !must_hand_over_report)
        return handle_probe(d);
    if (must_hand_over_report)
        liveness_.note_probe_received(
            steady::now()); // like a probe, a report proves that the queue works, and does not mean that more events follow
    else
        count_event(d);
    set_role(role::active);
    has_received_ = true;
    replacement_.note_message();
    unacked_.add(d.tag, memory_of(d.content));
    if (loop_.stopping()) {
        unacked_.drop_from(d.tag);
        return;
    }
    held_.push_back({generation_, d.tag, d.redelivered, std::move(d.content)});
}

void consumer::count_event(const incoming::delivery& d) {
    liveness_.note_message(steady::now());
    received_metric_.increment();
    if (d.redelivered)
        redelivered_metric_.increment();
}

/// A probe from another process or an earlier run is acknowledged and otherwise ignored.
void consumer::handle_probe(const incoming::delivery& d) {
    set_role(role::active);
    has_received_ = true;
    const auto& id = d.content.message_id;
    if (id.starts_with(probe_prefix_)) {
        liveness_.note_probe_received(steady::now());
        std::from_chars(id.data() + probe_prefix_.size(), id.data() + id.size(), last_probe_);
        replacement_.note_probe(last_probe_);
    }
    unacked_.add(d.tag);
    const std::array<std::uint64_t, 1> tag{d.tag};
    acknowledge(generation_, tag);
}

void consumer::hand_over() {
    if (!kept_.empty())
        on_messages_(std::exchange(kept_, {}));
    kept_bytes_ = 0;
    if (!held_.empty())
        on_messages_(std::exchange(held_, {}));
}

/// Drops the messages that were not handed over. The broker delivers them again on the next connection.
void consumer::forget_held() {
    if (!held_.empty())
        unacked_.drop_from(held_.front().tag);
    held_.clear();
    kept_.clear();
    kept_bytes_ = 0;
}

void consumer::keep_held() {
    kept_ = std::exchange(held_, {});
    for (const auto& each : kept_)
        kept_bytes_ += memory_of(each.content);
}

/// Ends a subscription whose queue may have been deleted. If the queue was deleted, the messages that are held here do not come
/// again, so they must not be dropped. If they do come again, they are recognized by their ids.
void consumer::leave(const broker_error& why) {
    if (!loop_.stopping() && !paused_)
        hand_over();
    else if (kept_.empty()) // only those of one connection are kept, so that a long pause with many connections does not fill
                            // the memory
        keep_held();
    throw why;
}

/// The broker counts only the active consumer, and does not report which one it is. So a consumer that subscribes is a standby
/// if the broker already counts an active consumer.
void consumer::subscribe(broker_connection& c) {
    const bool is_taken = source_.single_active && c.inspect_queue(queue_).consumers > 0;
    c.consume(queue_, source_.subscription);
    is_subscribed_ = true;
    set_role(is_taken ? role::standby : role::active);
    replacement_.require_due(c);
    subscribed_at_ = steady::now();
    liveness_.begin(subscribed_at_);
}

void consumer::check(broker_connection& c) {
    replacement_.require_not_begun_elsewhere(c);
    if (role_ == role::standby)
        check_standby(c);
    else if (!loop_.stopping())
        check_active(c);
    const bool may_get_nothing = role_ == role::standby && !replacement_.is_settled();
    check_at_ = steady::now() + (may_get_nothing ? jittered(check_interval) : check_interval);
}

/// A standby consumer cancels its subscription, checks whether there is an active consumer, and subscribes again. It holds no
/// messages, so this does not affect their order. If messages come in between, the consumer has become active, and reconnects.
///
/// The cancellation may make another standby consumer active, which notices this only when a message comes. A queue that is
/// being replaced may get no messages, so two consumers could each believe forever that the other one is active. For such a
/// queue, the consumer stays unsubscribed until its next check, which is at a random time, so that sooner or later one of the
/// consumers finds no active one.
void consumer::check_standby(broker_connection& c) {
    if (!is_subscribed_)
        return subscribe(c);
    c.stop_consuming(source_.subscription);
    is_subscribed_ = false;
    receive(c);
    if (role_ == role::active)
        throw broker_error{"the subscription " + source_.subscription + " became active while it was checked", "nothing",
                           broker_error::remedy::time};
    if (replacement_.is_settled() || c.inspect_queue(queue_).consumers == 0)
        subscribe(c);
}

/// Checks that messages of the queue reach this active consumer. It sends no request while messages come, because they would
/// precede the response, and librabbitmq would keep all of them in memory.
void consumer::check_active(broker_connection& c) {
    std::optional<broker_connection::queue_status> counted{{.messages = 0, .consumers = 1}};
    if (!liveness_.has_received() && has_free_memory()) {
        counted = c.find_queue(queue_);
        receive(c); // handles the messages that came before the count
    }
    const auto queue = counted.value_or(broker_connection::queue_status{});
    const bool can_take_more = !paused_ && has_free_memory() && unacked_.size() < static_cast<std::size_t>(source_.prefetch);
    switch (liveness_.check({.queue_exists = counted.has_value(),
                             .ready = queue.messages,
                             .consumers = queue.consumers,
                             .can_take_more = can_take_more},
                            steady::now())) {
    case liveness::verdict::alive: return;
    case liveness::verdict::probe: {
        if (may_send_probes())
            send_probe();
        return;
    }
    case liveness::verdict::not_receiving:
        leave({"nothing reaches the consumer of subscription " + source_.subscription + " from its queue (" +
                   std::to_string(queue.messages) + " messages, " + std::to_string(queue.consumers) + " consumers)",
               "nothing if the queue was deleted or its node stopped: the consumer subscribes again",
               broker_error::remedy::time});
    }
}

/// Returns the number of the probe.
std::uint64_t consumer::send_probe() {
    ++probes_;
    if (source_.send_probe)
        source_.send_probe(queue_, probe_prefix_ + std::to_string(probes_), [slot = sent_probe_, number = probes_] {
            const std::lock_guard lock{slot->mutex};
            slot->number = number;
            slot->sent_at = steady::now(); // the consumer reads this no later than at its next check
        });
    return probes_;
}

/// A process of an older version stores a probe as an unreadable message. Such a process may be the active consumer of a queue
/// with a limit, even if this process counted no consumer there, because both may have connected at the same time. So this
/// process sends no probe before it has received a message, unless the replacement allows it earlier.
bool consumer::may_send_probes() const noexcept {
    return role_ == role::active && (has_received_ || replacement_.may_probe_at_once());
}

/// Returns true once the queue has been replaced.
bool consumer::advance_replacement(broker_connection& c, steady::time_point now) {
    if (replacement_.is_settled())
        return false;
    const bool is_replaced =
        replacement_.advance(c, {.is_active = may_send_probes(), .has_acknowledged_all = unacked_.empty()}, now);
    const std::lock_guard lock{status_mutex_};
    shown_moving_ = replacement_.queue_being_replaced();
    return is_replaced;
}

void consumer::show_state() {
    const std::lock_guard lock{status_mutex_};
    shown_takes_reports_ = source_.takes_reports && role_ == role::active && replacement_.is_settled();
    shown_is_proven_ = may_send_probes();
    shown_generation_ = generation_;
}

void consumer::set_role(role r) {
    if (role_ == r)
        return;
    const auto previous = std::exchange(role_, r);
    {
        const std::lock_guard lock{status_mutex_};
        shown_role_ = role_;
    }
    if (r == role::standby)
        log_.info("another process handles this subscription; this one stands by",
                  {{"subscription", source_.subscription}, {"queue", queue_}});
    else if (previous == role::standby)
        log_.info("this process handles the subscription from now on", {{"subscription", source_.subscription}});
}

} // namespace atrium::events::rabbitmq
