#include "consumer.hpp"

#include <algorithm>
#include <utility>

namespace atrium::events::rabbitmq {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t messages_at_once = 1000; // handed over together, at the most

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
      loop_{std::move(connection), *this, e} {}

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
    }
    s.connection = loop_.status();
    return s;
}

// The thread ------------------------------------------------------------------------------------------------------------------

void consumer::connected(broker_connection& c) {
    ++generation_;
    from_.topology.declare(c);
    c.set_prefetch(from_.prefetch);
    begin_consuming(c);
    check_at_ = steady::now() + standby_check;
}

void consumer::serve(broker_connection& c) {
    for (;;) {
        acknowledge_finished(c);
        if (loop_.stopping())
            forget_held();
        const auto now = steady::now();
        if (loop_.stopping() && (unacked_.empty() || now >= loop_.deadline()))
            return;
        if (!paused_ && !held_.empty())
            hand_over();
        if (now >= check_at_)
            look_after_standby(c);
        const auto until = loop_.stopping() ? std::min(loop_.deadline(), check_at_) : check_at_;
        c.wait(std::chrono::ceil<std::chrono::milliseconds>(until - now), false);
        receive(c);
    }
}

void consumer::disconnected() noexcept {
    unacked_.clear();
    held_.clear();
    role_ = role::absent;
    unacknowledged_metric_.set(0);
    const std::lock_guard lock{status_mutex_};
    shown_role_ = role_;
    shown_unacknowledged_ = 0;
}

void consumer::acknowledge_finished(broker_connection& c) {
    std::vector<acknowledgement> mail;
    {
        const std::lock_guard lock{mail_mutex_};
        mail.swap(mail_);
    }
    std::optional<std::uint64_t> up_to;
    std::size_t number = 0;
    for (const auto& [generation, tags] : mail)
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
            throw broker_error{"the broker ended the consumer of subscription " + end->consumer,
                               "nothing, where its queue was deleted or its node stopped on purpose: it is declared again",
                               broker_error::remedy::time};
    }
}

void consumer::on(incoming::delivery& d) {
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

void consumer::hand_over() {
    tell_(std::exchange(held_, {}));
}

/// They come again on the next connection.
void consumer::forget_held() {
    if (!held_.empty())
        unacked_.drop_from(held_.front().tag);
    held_.clear();
}

/// The broker counts the active consumer only, and does not say whose it is: a consumer that comes where there is one stands
/// by.
void consumer::begin_consuming(broker_connection& c) {
    const bool taken = from_.single_active && c.inspect_queue(from_.queue).consumers > 0;
    c.consume(from_.queue, from_.subscription);
    set_role(taken ? role::standby : role::active);
}

/// Who stands by leaves the row, looks whether there is an active one, and takes its place again. It holds no message, so this
/// disturbs no order; where messages come in between, it is active after all and starts anew.
void consumer::look_after_standby(broker_connection& c) {
    if (role_ == role::standby) {
        c.stop_consuming(from_.subscription);
        receive(c);
        if (role_ == role::active)
            throw broker_error{"the subscription " + from_.subscription + " became active while it was looked at", "nothing",
                               broker_error::remedy::time};
        begin_consuming(c);
    }
    check_at_ = steady::now() + standby_check;
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
                  {{"subscription", from_.subscription}, {"queue", from_.queue}});
    else if (before == role::standby)
        log_.info("this process handles the subscription from now on", {{"subscription", from_.subscription}});
}

} // namespace atrium::events::rabbitmq
