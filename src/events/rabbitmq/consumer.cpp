#include "consumer.hpp"

#include <base/ids.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t messages_at_once = 1000; // handed over together, at the most
constexpr auto binding_spreads = 2s;           // to all nodes of a cluster, generously
constexpr auto stragglers_come = 12s;          // a channel sends again after 10 s what a queue without a leader did not take
constexpr auto next_mark = 5s;

broker_error gone_elsewhere(const std::string& queue) {
    return {"another process has replaced the queue " + queue, "nothing", broker_error::remedy::time};
}

} // namespace

consumer::consumer(connection_settings connection, source from, arrived tell, const environment& e)
    : from_{std::move(from)}, tell_{std::move(tell)}, log_{e.log.with({{"connection", connection.name}})},
      unacknowledged_metric_{e.metrics.gauge("atrium_rabbitmq_unacknowledged", "Messages here that are not acknowledged yet.",
                                             {{"connection", connection.name}})},
      received_metric_{e.metrics.counter("atrium_rabbitmq_received_total", "Messages received, repetitions included.",
                                         {{"connection", connection.name}})},
      redelivered_metric_{e.metrics.counter("atrium_rabbitmq_redelivered_total", "Messages that may have been received before.",
                                            {{"connection", connection.name}})},
      acknowledged_metric_{e.metrics.counter("atrium_rabbitmq_acknowledged_total", "Messages acknowledged to the broker.",
                                             {{"connection", connection.name}})},
      probe_prefix_{make_uuid_v7(e.time.now()) + "/"}, loop_{std::move(connection), *this, e} {}

consumer::~consumer() = default;

void consumer::start() {
    loop_.start();
}

void consumer::acknowledge(std::uint64_t generation, std::span<const std::uint64_t> tags) {
    {
        const std::lock_guard lock{mail_mutex_};
        mail_.push_back({generation, {tags.begin(), tags.end()}});
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

void consumer::queues_were_missing(const std::vector<topology::missing_queue>& queues) {
    {
        const std::lock_guard lock{mail_mutex_};
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
    s.subscription = from_.subscription;
    {
        const std::lock_guard lock{status_mutex_};
        s.unacknowledged = shown_unacknowledged_;
        s.role = shown_role_;
        s.moving = shown_move_;
    }
    s.connection = loop_.status();
    return s;
}

// The thread ------------------------------------------------------------------------------------------------------------------

void consumer::connected(broker_connection& c) {
    ++generation_;
    const auto declared = from_.topology.declare(c);
    queue_ = from_.queue;
    if (from_.single_active)
        begin_move(c, std::ranges::find(declared.limited, from_.queue) != declared.limited.end());
    c.set_prefetch(from_.prefetch);
    begin_consuming(c);
    if (move_ && !is_still_due(c, *move_))
        throw gone_elsewhere(move_->from);
    subscribed_at_ = steady::now();
    check_at_ = subscribed_at_ + check_interval;
    liveness_.begin(subscribed_at_);
}

void consumer::serve(broker_connection& c) {
    for (;;) {
        read_mail(c);
        if (loop_.stopping())
            forget_held();
        const auto now = steady::now();
        if (loop_.stopping() && (unacked_.empty() || now >= loop_.deadline()))
            return;
        if (!paused_)
            hand_over();
        if (is_move_read())
            return finish_move(c);
        const bool marks = move_ && role_ == role::active && !is_finishing();
        if (marks && now >= mark_at_)
            send_mark();
        if (now >= check_at_)
            check(c);
        auto until = loop_.stopping() ? std::min(loop_.deadline(), check_at_) : check_at_;
        if (marks)
            until = std::min(until, mark_at_);
        c.wait(std::chrono::ceil<std::chrono::milliseconds>(until - now), false);
        receive(c);
    }
}

void consumer::disconnected() noexcept {
    unacked_.clear();
    held_.clear();
    role_ = role::absent;
    move_.reset();
    unacknowledged_metric_.set(0);
    const std::lock_guard lock{status_mutex_};
    shown_move_.clear();
    shown_role_ = role_;
    shown_unacknowledged_ = 0;
}

void consumer::read_mail(broker_connection& c) {
    std::vector<acknowledgement> finished;
    std::vector<topology::missing_queue> missing;
    {
        const std::lock_guard lock{mail_mutex_};
        finished.swap(mail_);
        missing.swap(missing_);
    }
    acknowledge_finished(c, finished);
    {
        const std::lock_guard lock{sent_probe_->mutex};
        if (sent_probe_->number > last_probe_ && sent_probe_->when > subscribed_at_)
            liveness_.probe_sent(sent_probe_->when);
    }
    for (const auto& [queue, lookup_time] : missing)
        if (queue == queue_ && lookup_time > subscribed_at_)
            leave({"the queue " + queue + " was missing and has been declared again", "find out who deletes it",
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
    while (held_.size() < messages_at_once || paused_) {
        auto what = c.take();
        if (!what)
            return;
        if (auto* delivery = std::get_if<incoming::delivery>(&*what))
            on(*delivery);
        else if (const auto* end = std::get_if<incoming::cancelled>(&*what))
            leave({"the broker ended the consumer of subscription " + end->consumer,
                   "nothing, where its queue was deleted or its node stopped on purpose: it is declared again",
                   broker_error::remedy::time});
    }
}

void consumer::on(incoming::delivery& d) {
    if (is_finishing())
        return; // it is in the other queue as well
    if (is_probe(d.content))
        return on_probe(d);
    liveness_.arrived(steady::now());
    received_metric_.increment();
    if (d.redelivered)
        redelivered_metric_.increment();
    set_role(role::active);
    unacked_.arrived(d.tag);
    if (loop_.stopping()) {
        unacked_.drop_from(d.tag);
        return;
    }
    held_.push_back({generation_, d.tag, d.redelivered, std::move(d.content)});
}

/// One of another process, or of a former life, is acknowledged as well and means nothing.
void consumer::on_probe(const incoming::delivery& d) {
    set_role(role::active);
    const auto& id = d.content.message_id;
    if (id.starts_with(probe_prefix_)) {
        liveness_.probe_came(steady::now());
        std::from_chars(id.data() + probe_prefix_.size(), id.data() + id.size(), last_probe_);
        if (move_ && first_mark_ != 0 && last_probe_ >= first_mark_)
            on_mark();
        if (is_finishing())
            return;
    }
    unacked_.arrived(d.tag);
    const std::array<std::uint64_t, 1> tag{d.tag};
    acknowledge(generation_, tag);
}

void consumer::hand_over() {
    if (!kept_.empty())
        tell_(std::exchange(kept_, {}));
    if (!held_.empty())
        tell_(std::exchange(held_, {}));
}

/// They come again on the next connection.
void consumer::forget_held() {
    if (!held_.empty())
        unacked_.drop_from(held_.front().tag);
    held_.clear();
    kept_.clear();
}

/// Ends a subscription whose queue may have been deleted: then what is held here does not come again, and must not be dropped.
/// If it does come again, its ids are known by then.
void consumer::leave(const broker_error& why) {
    if (!loop_.stopping() && !paused_)
        hand_over();
    else if (kept_.empty()) // the pause may outlast many subscriptions, and memory has a limit
        kept_ = std::exchange(held_, {});
    throw why;
}

/// The broker counts the active consumer only, and does not say whose it is: a consumer that comes where there is one stands
/// by.
void consumer::begin_consuming(broker_connection& c) {
    const bool taken = from_.single_active && c.inspect_queue(queue_).consumers > 0;
    c.consume(queue_, from_.subscription);
    set_role(taken ? role::standby : role::active);
}

void consumer::check(broker_connection& c) {
    if (role_ == role::standby)
        check_standby(c);
    else if (!loop_.stopping() && !is_finishing())
        check_active(c);
    check_at_ = steady::now() + check_interval;
}

/// Who stands by leaves the row, looks whether there is an active one, and takes its place again. It holds no message, so this
/// disturbs no order; where messages come in between, it is active after all and starts anew.
void consumer::check_standby(broker_connection& c) {
    c.stop_consuming(from_.subscription);
    receive(c);
    if (role_ == role::active)
        throw broker_error{"the subscription " + from_.subscription + " became active while it was looked at", "nothing",
                           broker_error::remedy::time};
    begin_consuming(c);
    liveness_.begin(steady::now());
}

/// An active consumer proves that what is in its queue reaches it.
void consumer::check_active(broker_connection& c) {
    const auto counted = c.find_queue(queue_);
    receive(c); // what came before the count
    const auto queue = counted.value_or(broker_connection::queue_status{});
    switch (liveness_.check({.queue_exists = counted.has_value(),
                             .ready = queue.messages,
                             .consumers = queue.consumers,
                             .has_room = !paused_ && unacked_.size() < static_cast<std::size_t>(from_.prefetch)},
                            steady::now())) {
    case liveness::verdict::alive: return;
    case liveness::verdict::probe: return send_probe();
    case liveness::verdict::deaf:
        leave({"nothing reaches the consumer of subscription " + from_.subscription + " from its queue (" +
                   std::to_string(queue.messages) + " messages, " + std::to_string(queue.consumers) + " consumers)",
               "nothing, if the queue was deleted or its node stopped: it is subscribed to again", broker_error::remedy::time});
    }
}

void consumer::send_probe() {
    ++probes_;
    if (from_.send_probe)
        from_.send_probe(queue_, probe_prefix_ + std::to_string(probes_), [slot = sent_probe_, number = probes_] {
            const std::lock_guard lock{slot->mutex};
            slot->number = number;
            slot->when = steady::now(); // seen at the next check at the latest
        });
}

void consumer::begin_move(broker_connection& c, bool is_limited) {
    first_mark_ = 0;
    move_phase_ = move_phase::binding;
    move_ = find_move(c, from_.topology, from_.queue, is_limited);
    if (!move_)
        return;
    queue_ = move_->from;
    mark_at_ = steady::now() + binding_spreads;
    log_.warning("a queue is replaced because of its delivery limit",
                 {{"from", move_->from},
                  {"to", move_->to},
                  {"what_to_do", "nothing: its messages are read first; until then it still drops those delivered too often"}});
    const std::lock_guard lock{status_mutex_};
    shown_move_ = move_->from;
}

/// Again and again, since one can be lost or expire behind a long backlog.
void consumer::send_mark() {
    send_probe();
    if (first_mark_ == 0)
        first_mark_ = probes_;
    mark_at_ = steady::now() + next_mark;
}

/// The first mark shows that the queue has a leader. A message that was routed before the other queue was bound may have waited
/// for that leader and be behind the mark, in this queue only: the second mark is sent when such messages have come.
void consumer::on_mark() {
    first_mark_ = 0;
    move_phase_ = move_phase_ == move_phase::binding ? move_phase::lingering : move_phase::finishing;
    mark_at_ = steady::now() + stragglers_come;
}

/// Everything before the last mark is stored, and everything behind it is in the other queue.
void consumer::finish_move(broker_connection& c) {
    if (!is_still_due(c, *move_))
        throw gone_elsewhere(move_->from);
    c.delete_queue(move_->from);
    log_.info("a queue has been read to its end and is deleted", {{"queue", move_->from}, {"next", move_->to}});
}

void consumer::set_role(role r) {
    if (role_ == r)
        return;
    const auto before = std::exchange(role_, r);
    {
        const std::lock_guard lock{status_mutex_};
        shown_role_ = role_;
    }
    if (r == role::standby)
        log_.info("another process handles this subscription; this one stands by",
                  {{"subscription", from_.subscription}, {"queue", queue_}});
    else if (before == role::standby)
        log_.info("this process handles the subscription from now on", {{"subscription", from_.subscription}});
}

} // namespace atrium::events::rabbitmq
