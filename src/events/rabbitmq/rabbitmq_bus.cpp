#include "consumer.hpp"
#include "core/journal_bus.hpp"
#include "drain_look.hpp"
#include "intake.hpp"
#include "number_inquirer.hpp"
#include "number_responder.hpp"
#include "publisher.hpp"
#include "queue_move.hpp"
#include "relay.hpp"
#include "resender.hpp"

#include <base/timer.hpp>
#include <events/adapters.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include <algorithm>
#include <atomic>

namespace atrium::events {
namespace {

using rabbitmq::bridge_direction;
using topology_outcome = rabbitmq::topology::outcome;

constexpr std::size_t max_inquiry = 256 * 1024;          // in bytes; inquiries are the only messages that publishers read
constexpr std::chrono::milliseconds drain_interval{100}; // the time between two checks of a drain
constexpr std::chrono::seconds drain_timeout{20};

std::string bridge_name(const rabbitmq::bridge& b) {
    return "events.bridge_" + b.queue;
}

/// The name of a subscription at the broker, which stays the same if the subscription is renamed.
std::string wire_name(const subscription& s) {
    return s.was.empty() ? s.name : s.was;
}

rabbitmq::broker_url parse_url(const std::string& text) {
    auto url = rabbitmq::broker_url::parse(text);
    if (!url)
        throw start_error{"bus.rabbitmq.url: " + url.error().detail};
    return *std::move(url);
}

/// Publishes events through a relay, and receives them from a queue for each local subscription. In both directions, an event
/// is stored by the receiving side before the sending side removes it.
class rabbitmq_bus final : public journal_bus {
public:
    rabbitmq_bus(bus_parts parts, rabbitmq::settings s)
        : journal_bus{std::move(parts)}, settings_{std::move(s)}, url_{parse_url(settings_.url)},
          environment_{parts_.time, parts_.metrics, parts_.log} {}
    ~rabbitmq_bus() override { stop(std::chrono::steady_clock::now()); }

    void start() override;
    void begin_stop() noexcept override;
    void stop(std::chrono::steady_clock::time_point deadline) override;
    [[nodiscard]] std::string_view adapter() const noexcept override { return "rabbitmq"; }
    [[nodiscard]] std::optional<broker_state> broker() const override;
    [[nodiscard]] awaitable<result<>> drain() override;

private:
    /// An outlet: the relay that reads the journal, and the publisher that sends to the broker.
    struct outbound {
        std::string bridge; ///< the queue of the bridge; empty for the relay
        std::unique_ptr<rabbitmq::publisher> publisher;
        rabbitmq::relay* relay = nullptr; ///< owned by the dispatcher
    };
    /// A source of messages: the consumer that receives them, and the intake that stores them.
    struct inbound {
        std::string bridge; ///< the queue of the bridge; empty for a subscription
        std::unique_ptr<rabbitmq::intake> intake;
        std::unique_ptr<rabbitmq::consumer> consumer;
        std::unique_ptr<rabbitmq::number_inquirer> inquirer; ///< null for a bridge
    };

    [[nodiscard]] std::vector<outlet> outlets() const override;
    void take_over(storage::transaction& t) override;
    void add_runners(const runner_context& c, const journal::record_result& recorded) override;

    [[nodiscard]] awaitable<result<std::int64_t>> resend(subscription_id subscription, std::vector<event_seq> events) override;

    [[nodiscard]] std::string queue_of(const subscription& s) const;
    [[nodiscard]] std::vector<rabbitmq::number_responder::receiver> receivers(const journal::record_result& recorded) const;
    void add_inquirer(const runner_context& c, inbound& source, const rabbitmq::intake::destination& target);
    [[nodiscard]] rabbitmq::connection_settings connection(std::string_view purpose, std::size_t max_body = max_inquiry) const;
    [[nodiscard]] rabbitmq::topology topology() const;
    void add_outbound(const runner_context& c, std::string bridge, const std::string& name, subscription_id id,
                      rabbitmq::destination target, const std::vector<rabbitmq::number_responder::receiver>& numbered);
    [[nodiscard]] rabbitmq::publisher_callbacks callbacks(const runner_context& c, std::size_t index, bool is_relay);
    void add_inbound(const runner_context& c, std::string bridge, rabbitmq::source source,
                     rabbitmq::intake::destination target);
    void add_bridge(const runner_context& c, const rabbitmq::bridge& b, subscription_id id);
    void forget_stale(const runner_context& c);
    [[nodiscard]] awaitable<result<>> drain_here();
    [[nodiscard]] awaitable<result<>> drain_queues();
    [[nodiscard]] awaitable<bool> is_drained();
    [[nodiscard]] bool is_broker_empty() const;
    [[nodiscard]] static rabbitmq::drain_look inspect_queues(rabbitmq::broker_connection& c, const std::string& queue,
                                                             rabbitmq::consumer::role role);
    void note_declared(const topology_outcome& found);

    rabbitmq::settings settings_;
    rabbitmq::broker_url url_;
    rabbitmq::environment environment_;
    // Outbound: first the relay, then the bridges. Inbound: first the subscriptions, then the bridges. Each of them has a
    // connection of its own, so that its problems (such as a queue without a leader) do not block the others.
    std::vector<outbound> outbound_;
    std::vector<inbound> inbound_;
    std::unique_ptr<rabbitmq::number_responder> responder_; ///< used on the dispatcher's thread
    std::unique_ptr<rabbitmq::resender> resender_;          ///< used on the dispatcher's thread
    std::vector<journal::stale_topic> stale_;               ///< topics still to be unbound; used on the dispatcher's thread
    bool draining_ = false;                                 ///< used on the dispatcher's thread
    mutable rabbitmq::wake_event drain_wake_;               ///< for the connection with which a drain checks the queues
    mutable rabbitmq::watchdog drain_guard_;
    std::atomic<bool> drained_ = false;
    std::atomic<bool> stop_requested_ = false; ///< ends a running drain with an error
    std::atomic<bool> stopped_ = false;
};

std::vector<outlet> rabbitmq_bus::outlets() const {
    std::vector<outlet> all{{std::string{relay_name}, {"#"}}};
    for (const auto& bridge : settings_.bridges) // a consuming bridge sends nothing, but its row records what it has received
        all.push_back(
            {bridge_name(bridge), bridge.direction == bridge_direction::publish ? bridge.topics : std::vector<std::string>{}});
    return all;
}

void rabbitmq_bus::take_over(storage::transaction& t) {
    table::set_adapter(t, adapter(), false);
}

rabbitmq::connection_settings rabbitmq_bus::connection(std::string_view purpose, std::size_t max_body) const {
    return {.url = url_,
            .ca_file = settings_.ca_file,
            .verify = settings_.verify,
            .heartbeat = settings_.heartbeat,
            .connect_timeout = settings_.connect_timeout,
            .name = "atrium " + std::string{purpose},
            .max_body = max_body};
}

/// The name of a subscription's queue. A renamed subscription keeps the queue that it had.
std::string rabbitmq_bus::queue_of(const subscription& s) const {
    return rabbitmq::queue_name(settings_.exchange, wire_name(s));
}

std::vector<rabbitmq::number_responder::receiver> rabbitmq_bus::receivers(const journal::record_result& recorded) const {
    std::vector<rabbitmq::number_responder::receiver> all;
    for (std::size_t i = 0; i < subscriptions().size(); ++i) {
        const auto& s = subscriptions()[i];
        all.push_back({recorded.subscriptions[i], wire_name(s), queue_of(s)});
    }
    return all;
}

/// Includes the subscriptions of all compiled modules, even of those that do not run here, so that a queue exists before its
/// handler has ever started.
rabbitmq::topology rabbitmq_bus::topology() const {
    rabbitmq::topology all{.exchange = settings_.exchange, .queues = {}, .stale = {}, .plain_queues = {}};
    for (const auto& s : subscriptions())
        all.queues.push_back({queue_of(s), s.topics});
    for (const auto& each : stale_)
        all.stale.push_back(
            {queue_of(*std::ranges::find(subscriptions(), each.subscription, &subscription::name)), each.topic});
    return all;
}

void rabbitmq_bus::add_runners(const runner_context& c, const journal::record_result& recorded) {
    stale_ = recorded.stale;
    const auto all = topology();
    const auto outlet = recorded.outlets.front();
    const auto numbered = receivers(recorded);
    add_outbound(c, {}, std::string{relay_name}, outlet, {.topology = all, .exchange = settings_.exchange}, numbered);
    responder_ = std::make_unique<rabbitmq::number_responder>(c, journal_, outlet, *outbound_.front().publisher,
                                                              settings_.exchange, numbered);
    resender_ = std::make_unique<rabbitmq::resender>(c, outlet, *outbound_.front().publisher, numbered);
    for (std::size_t i = 0; i < subscriptions().size(); ++i) {
        if (!has_handler(i))
            continue; // another process handles it
        add_inbound(c, {},
                    {.topology = {.exchange = all.exchange, .queues = {all.queues[i]}, .stale = {}, .plain_queues = {}},
                     .subscription = subscriptions()[i].name,
                     .queue = all.queues[i].queue,
                     .takes_reports = true,
                     .prefetch = settings_.prefetch,
                     .max_bytes = settings_.receive_memory},
                    {.subscription = recorded.subscriptions[i], .wire_name = wire_name(subscriptions()[i])});
    }
    for (std::size_t i = 0; i < settings_.bridges.size(); ++i)
        add_bridge(c, settings_.bridges[i], recorded.outlets[i + 1]);
}

void rabbitmq_bus::add_bridge(const runner_context& c, const rabbitmq::bridge& b, subscription_id id) {
    const auto name = bridge_name(b);
    const rabbitmq::topology queue{
        .exchange = {}, .queues = {}, .stale = {}, .plain_queues = {b.queue}, .durable_plain_queues = b.durable};
    if (b.direction == bridge_direction::publish)
        add_outbound(c, b.queue, name, id, {.topology = queue, .exchange = {}, .routing_key = b.queue}, {});
    else
        add_inbound(c, b.queue,
                    {.topology = queue,
                     .subscription = name,
                     .queue = b.queue,
                     .single_active = false,
                     .prefetch = settings_.prefetch,
                     .max_bytes = settings_.receive_memory},
                    {.subscription = id, .is_bridge = true, .topic = b.topic});
}

/// The callbacks are called on the publisher's thread and post to the dispatcher's, where the relay runs.
rabbitmq::publisher_callbacks rabbitmq_bus::callbacks(const runner_context& c, std::size_t index, bool is_relay) {
    rabbitmq::publisher_callbacks all;
    all.settled = [this, index, is_relay, executor = c.dispatcher_executor](std::vector<event_seq> seqs) {
        asio::post(executor, [this, index, is_relay, seqs = std::move(seqs)] {
            outbound_[index].relay->note_settled(seqs);
            if (is_relay)
                resender_->note_settled(seqs, true);
        });
    };
    all.declared = [this, is_relay, c](const topology_outcome& found) {
        note_declared(found);
        if (is_relay)
            asio::post(c.dispatcher_executor, [this, c] { forget_stale(c); });
    };
    all.unsendable = [this, index, executor = c.dispatcher_executor](event e, std::string reason) {
        asio::post(executor, [this, index, e = std::move(e), reason = std::move(reason)]() mutable {
            if (rabbitmq::resender::is_resent(e.seq))
                resender_->note_settled({e.seq}, false);
            else
                outbound_[index].relay->note_unsendable(std::move(e), std::move(reason));
        });
    };
    if (is_relay)
        all.inquired = [this, executor = c.dispatcher_executor](rabbitmq::message inquiry) {
            asio::post(executor, [this, inquiry = std::move(inquiry)] {
                if (!draining_ && !drained_)
                    responder_->add_inquiry(inquiry);
            });
        };
    return all;
}

void rabbitmq_bus::add_outbound(const runner_context& c, std::string bridge, const std::string& name, subscription_id id,
                                rabbitmq::destination target,
                                const std::vector<rabbitmq::number_responder::receiver>& numbered) {
    auto& added = outbound_.emplace_back();
    added.bridge = std::move(bridge);
    added.publisher =
        std::make_unique<rabbitmq::publisher>(connection(name), std::move(target), settings_.window,
                                              callbacks(c, outbound_.size() - 1, added.bridge.empty()), environment_);
    rabbitmq::relay::wire_names names;
    for (const auto& each : numbered)
        names.emplace_back(each.subscription, each.wire_name);
    auto relay = std::make_unique<rabbitmq::relay>(c, name, id, *added.publisher, settings_.window, std::move(names));
    added.relay = relay.get();
    dispatcher_.add(std::move(relay));
}

void rabbitmq_bus::add_inbound(const runner_context& c, std::string bridge, rabbitmq::source source,
                               rabbitmq::intake::destination target) {
    // The callback is called on the consumer's thread and posts to the dispatcher's, where the intake runs.
    auto& added = inbound_.emplace_back();
    added.bridge = std::move(bridge);
    added.intake = std::make_unique<rabbitmq::intake>(c, journal_, source.subscription, target);
    if (added.bridge.empty()) // bridges send no probes, because plain programs would find them in their queues
        source.send_probe = [relay = outbound_.front().publisher.get()](std::string queue, std::string id,
                                                                        std::function<void()> sent) {
            relay->probe(std::move(queue), std::move(id), std::move(sent));
        };
    const auto name = source.subscription;
    added.consumer = std::make_unique<rabbitmq::consumer>(
        connection(name, settings_.max_message), std::move(source),
        [in = added.intake.get(), executor = c.dispatcher_executor](std::vector<rabbitmq::received> messages) {
            asio::post(executor, [in, messages = std::move(messages)]() mutable { in->add_received(std::move(messages)); });
        },
        environment_);
    added.intake->attach(*added.consumer);
    if (added.bridge.empty())
        add_inquirer(c, added, target);
}

void rabbitmq_bus::add_inquirer(const runner_context& c, inbound& source, const rabbitmq::intake::destination& target) {
    source.inquirer = std::make_unique<rabbitmq::number_inquirer>(
        c, target.subscription, target.wire_name, *source.consumer,
        [relay = outbound_.front().publisher.get(), exchange = rabbitmq::inquiry_exchange(settings_.exchange)](
            rabbitmq::message inquiry) { relay->send_aside({{exchange, {}, std::move(inquiry)}}); });
    source.intake->attach(*source.inquirer);
    asio::post(c.dispatcher_executor, [inquirer = source.inquirer.get()] { inquirer->start(); });
}

/// Called on a publisher's thread. A consumer that had subscribed to a queue before the queue was declared again possibly
/// receives nothing, so it has to subscribe again.
void rabbitmq_bus::note_declared(const topology_outcome& found) {
    if (!found.created.empty())
        for (auto& each : inbound_)
            each.consumer->note_missing_queues(found.created);
}

void rabbitmq_bus::start() {
    journal_bus::start();
    for (auto& each : outbound_)
        each.publisher->start();
    for (auto& each : inbound_)
        each.consumer->start();
}

void rabbitmq_bus::begin_stop() noexcept {
    stop_requested_ = true;
    drain_guard_.end_by(std::chrono::steady_clock::now());
    drain_wake_.notify();
}

/// Stops in this order: first receiving, which ends once all received messages are committed and acknowledged; then publishing,
/// which ends once all sent messages are confirmed; then the handlers.
void rabbitmq_bus::stop(std::chrono::steady_clock::time_point deadline) {
    if (stopped_.exchange(true))
        return;
    begin_stop();
    for (auto& each : inbound_)
        each.consumer->begin_stop(deadline);
    for (auto& each : inbound_) {
        each.consumer->stop(deadline);
        asio::post(dispatcher_.get_executor(), [&each] {
            each.intake->stop();
            if (each.inquirer)
                each.inquirer->stop();
        });
    }
    asio::post(dispatcher_.get_executor(), [this] {
        if (responder_)
            responder_->stop();
        if (resender_)
            resender_->stop();
    });
    for (auto& each : outbound_)
        each.publisher->begin_stop(deadline);
    for (auto& each : outbound_)
        each.publisher->stop(deadline);
    journal_bus::stop(deadline);
}

/// The relay has unbound the stale topics at the broker, so their records can be removed.
void rabbitmq_bus::forget_stale(const runner_context& c) {
    if (stale_.empty())
        return;
    const auto forget = [](storage::store store, std::vector<journal::stale_topic> unbound) -> awaitable<> {
        (void)co_await store.write( // if this fails, the topics are unbound again after the next start
            [&](storage::transaction& t) -> result<> {
                journal::forget_stale(t, unbound);
                return {};
            },
            storage::write_priority::internal);
    };
    spawn_logged(c.dispatcher_executor, forget(c.store, std::exchange(stale_, {})), c.log, "stale bindings");
}

/// Runs on the dispatcher's thread.
awaitable<result<std::int64_t>> rabbitmq_bus::resend(subscription_id subscription, std::vector<event_seq> events) {
    if (draining_ || drained_)
        co_return error{errc::unavailable, "publishing has stopped for a drain"};
    co_return co_await resender_->send(subscription, std::move(events));
}

awaitable<result<>> rabbitmq_bus::drain() {
    co_return co_await asio::co_spawn(dispatcher_.get_executor(), drain_here(), use_awaitable);
}

/// Runs on the dispatcher's thread, like relays and intakes. If the drain fails, publishing resumes, because events would
/// otherwise wait in the journal until the next start. If an earlier drain has succeeded, publishing stays stopped.
awaitable<result<>> rabbitmq_bus::drain_here() {
    if (std::exchange(draining_, true))
        co_return error{errc::unavailable, "another drain is running; try again when it has ended"};
    for (const auto& each : outbound_)
        each.relay->hold();
    result<> outcome{error{errc::unavailable, "the drain has ended with an exception; see the log, and try again"}};
    try {
        outcome = co_await drain_queues();
    } catch (const std::exception& e) {
        parts_.log.error("the drain has ended with an exception", {{"reason", e.what()}});
    }
    draining_ = false;
    if (outcome) {
        drained_ = true;
        parts_.log.info("broker drained; publishing is paused until the next start");
    } else if (!drained_) {
        for (const auto& each : outbound_)
            each.relay->resume();
        parts_.log.warning("the drain has failed; events are sent as before", {{"reason", outcome.error().detail}});
    }
    co_return outcome;
}

awaitable<result<>> rabbitmq_bus::drain_queues() {
    steady_timer timer{dispatcher_.get_executor()};
    const auto end = std::chrono::steady_clock::now() + drain_timeout;
    // The number of checks in a row that have found nothing. One check is not enough: during the check, a message may be
    // on its way from one place to the next.
    int empty_checks = 0;
    while (empty_checks < 2) {
        if (stop_requested_)
            co_return error{errc::unavailable, "the server is stopping; try again after its next start"};
        if (std::chrono::steady_clock::now() > end)
            co_return error{errc::unavailable, "the broker still holds events of this process; try again"};
        try {
            const bool is_empty = co_await is_drained();
            empty_checks = is_empty ? empty_checks + 1 : 0;
        } catch (const rabbitmq::broker_error& e) {
            co_return error{errc::unavailable, std::string{e.what()} + ": " + e.advice()};
        }
        timer.expires_after(drain_interval);
        co_await timer.async_wait(use_awaitable);
    }
    co_return co_await parts_.journal.write(
        [this](storage::transaction& t) -> result<> {
            table::set_adapter(t, adapter(), true);
            return {};
        },
        storage::write_priority::internal);
}

/// Whether no event is left to send, and no event of a subscription is left to receive. Messages of bridges belong to other
/// programs and need not be drained.
awaitable<bool> rabbitmq_bus::is_drained() {
    const bool is_sent =
        std::ranges::all_of(outbound_, [](const auto& each) { return !each.bridge.empty() || each.relay->is_idle(); });
    const bool is_stored = std::ranges::all_of(inbound_, [](const auto& each) {
        if (!each.bridge.empty())
            return true;
        const auto consumer_state = each.consumer->state();
        return each.intake->is_idle() && consumer_state.unacknowledged == 0 && consumer_state.moving.empty();
    });
    if (!is_sent || !is_stored || !resender_->is_idle())
        co_return false;
    // The request to the broker blocks, so it runs on a thread of its own.
    using pool_executor = asio::thread_pool::executor_type;
    asio::thread_pool pool{1};
    const auto ask = [](const rabbitmq_bus& self) -> asio::awaitable<bool, pool_executor> { co_return self.is_broker_empty(); };
    co_return co_await asio::co_spawn(pool.get_executor(), ask(*this), use_awaitable);
}

/// Checks the queues of the subscriptions that are handled here. Throws `broker_error`.
bool rabbitmq_bus::is_broker_empty() const {
    rabbitmq::broker_connection c{connection("drain"), drain_wake_, drain_guard_};
    bool is_empty = true;
    auto next_inbound = inbound_.begin(); // the subscriptions handled here come first, in the order of `subscriptions()`
    for (std::size_t i = 0; i < subscriptions().size() && is_empty; ++i)
        if (has_handler(i))
            is_empty = holds_nothing(inspect_queues(c, queue_of(subscriptions()[i]), (next_inbound++)->consumer->state().role));
    c.close();
    return is_empty;
}

rabbitmq::drain_look rabbitmq_bus::inspect_queues(rabbitmq::broker_connection& c, const std::string& queue,
                                                  rabbitmq::consumer::role role) {
    rabbitmq::drain_look seen{.base = {}, .interim = {}, .role = role};
    if (const auto found = c.find_queue(queue))
        seen.base = found->messages;
    if (const auto found = c.find_queue(rabbitmq::interim_name(queue)))
        seen.interim = found->messages;
    return seen;
}

std::optional<broker_state> rabbitmq_bus::broker() const {
    if (outbound_.empty())
        return std::nullopt;
    broker_state s;
    s.url = url_.without_password();
    s.connected_since = timestamp::min();
    const auto add = [&](const std::string& bridge, const rabbitmq::connection_status& c) {
        const auto trouble = c.connected_since ? std::string{} : c.last_error;
        if (!bridge.empty()) {
            s.bridges.push_back({bridge, c.connected_since.has_value(), trouble});
            return;
        }
        s.reconnects += c.reconnects;
        s.connected_since =
            s.connected_since && c.connected_since ? std::max(s.connected_since, c.connected_since) : std::nullopt;
        if (s.trouble.empty())
            s.trouble = trouble;
    };
    for (const auto& each : outbound_) {
        const auto out = each.publisher->state();
        add(each.bridge, out.connection);
        s.unconfirmed += out.unconfirmed;
        s.returned += out.returned;
        s.limited_queues.insert(s.limited_queues.end(), out.limited.begin(), out.limited.end());
        if (s.blocked.empty())
            s.blocked = out.blocked_reason;
    }
    for (const auto& each : inbound_) {
        const auto consumer_state = each.consumer->state();
        add(each.bridge, consumer_state.connection);
        s.unacknowledged += consumer_state.unacknowledged;
        s.redelivered += each.intake->redelivered();
        if (consumer_state.role == rabbitmq::consumer::role::standby)
            s.standby.push_back(consumer_state.subscription);
    }
    s.drained = drained_;
    return s;
}

} // namespace

std::unique_ptr<durable_bus> make_rabbitmq_bus(bus_parts parts, rabbitmq::settings broker) {
    return std::make_unique<rabbitmq_bus>(std::move(parts), std::move(broker));
}

} // namespace atrium::events
