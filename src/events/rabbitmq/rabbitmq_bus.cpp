#include "../journal_bus.hpp"
#include "consumer.hpp"
#include "intake.hpp"
#include "publisher.hpp"
#include "relay.hpp"

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

constexpr std::string_view relay_name = "events.relay";
constexpr std::chrono::milliseconds between_looks{100}; // while a drain waits
constexpr std::chrono::seconds patience_of_a_drain{20};

std::string bridge_name(const rabbitmq::bridge& b) {
    return "events.bridge_" + b.queue;
}

rabbitmq::broker_url parsed(const std::string& text) {
    auto url = rabbitmq::broker_url::parse(text);
    if (!url)
        throw start_error{"bus.rabbitmq.url: " + url.error().detail};
    return *std::move(url);
}

/// Events go out through a relay to the broker, and come in from a queue for each local subscription. On both sides the journal
/// has them before the other side lets go.
class rabbitmq_bus final : public journal_bus {
public:
    rabbitmq_bus(bus_parts with, rabbitmq::settings s)
        : journal_bus{std::move(with)}, settings_{std::move(s)}, url_{parsed(settings_.url)}, environment_{parts_.time,
                                                                                                           parts_.metrics,
                                                                                                           parts_.log} {}
    ~rabbitmq_bus() override { stop(std::chrono::steady_clock::now()); }

    void start() override;
    void stop(std::chrono::steady_clock::time_point deadline) override;
    [[nodiscard]] std::string_view adapter() const noexcept override { return "rabbitmq"; }
    [[nodiscard]] std::optional<broker_state> broker() const override;
    [[nodiscard]] awaitable<result<>> drain() override;

private:
    /// A way out: what waits in the journal, and who sends it.
    struct way_out {
        std::unique_ptr<rabbitmq::publisher> publisher;
        rabbitmq::relay* relay = nullptr; ///< the dispatcher's
    };
    /// A way in: who receives, and who stores it.
    struct way_in {
        std::unique_ptr<rabbitmq::intake> intake;
        std::unique_ptr<rabbitmq::consumer> consumer;
    };

    [[nodiscard]] std::vector<outlet> outlets() const override;
    void take_over(storage::transaction& t) override;
    void add_runners(const runner_context& c, const journal::recorded& recorded) override;

    [[nodiscard]] std::string queue_of(const subscription& s) const;
    [[nodiscard]] rabbitmq::connection_settings connection(std::string_view purpose) const;
    [[nodiscard]] rabbitmq::topology topology(std::span<const journal::stale_topic> stale) const;
    void add_way_out(const runner_context& c, const std::string& name, std::int64_t id, rabbitmq::destination to);
    void add_intake(const runner_context& c, const journal::recorded& recorded, rabbitmq::topology all);
    void add_way_in(const runner_context& c, std::string_view purpose, rabbitmq::source from,
                    std::map<std::string, rabbitmq::intake::destination> to);
    [[nodiscard]] awaitable<result<>> drain_here();
    [[nodiscard]] awaitable<bool> nothing_is_out();
    [[nodiscard]] std::uint64_t messages_at_broker() const;

    rabbitmq::settings settings_;
    rabbitmq::broker_url url_;
    rabbitmq::environment environment_;
    // First the way of the events, then one for each bridge, on a connection of its own: its trouble holds up nothing else.
    std::vector<way_out> ways_;
    std::vector<way_in> ways_in_;
    std::atomic<bool> stopped_ = false;
};

std::vector<outlet> rabbitmq_bus::outlets() const {
    std::vector<outlet> all{{std::string{relay_name}, {"#"}}};
    for (const auto& bridge : settings_.bridges) // a consuming bridge lets nothing out; its row remembers what came in
        all.push_back(
            {bridge_name(bridge), bridge.direction == bridge_direction::publish ? bridge.topics : std::vector<std::string>{}});
    return all;
}

void rabbitmq_bus::take_over(storage::transaction& t) {
    table::set_adapter(t, adapter(), false);
}

rabbitmq::connection_settings rabbitmq_bus::connection(std::string_view purpose) const {
    return {.url = url_,
            .ca_file = settings_.ca_file,
            .verify = settings_.verify,
            .heartbeat = settings_.heartbeat,
            .connect_timeout = settings_.connect_timeout,
            .name = "atrium " + std::string{purpose}};
}

/// A renamed subscription keeps its queue, under the name by which every process knows it.
std::string rabbitmq_bus::queue_of(const subscription& s) const {
    return rabbitmq::queue_name(settings_.exchange, s.was.empty() ? s.name : s.was);
}

/// All subscriptions of all compiled modules, also of those that do not run here: an event finds its queue before its handler
/// has ever started.
rabbitmq::topology rabbitmq_bus::topology(std::span<const journal::stale_topic> stale) const {
    rabbitmq::topology all{.exchange = settings_.exchange, .queues = {}, .stale = {}, .plain_queues = {}};
    for (const auto& s : subscriptions())
        all.queues.push_back({queue_of(s), s.topics});
    for (const auto& [name, topic] : stale)
        all.stale.push_back({queue_of(*std::ranges::find(subscriptions(), name, &subscription::name)), topic});
    return all;
}

void rabbitmq_bus::add_runners(const runner_context& c, const journal::recorded& recorded) {
    const auto all = topology(recorded.stale);
    add_way_out(c, std::string{relay_name}, recorded.outlets.front(), {.topology = all, .exchange = settings_.exchange});
    add_intake(c, recorded, all);
    for (std::size_t i = 0; i < settings_.bridges.size(); ++i) {
        const auto& bridge = settings_.bridges[i];
        const auto name = bridge_name(bridge);
        const auto id = recorded.outlets[i + 1];
        const rabbitmq::topology queue{.exchange = {}, .queues = {}, .stale = {}, .plain_queues = {bridge.queue}};
        if (bridge.direction == bridge_direction::publish)
            add_way_out(c, name, id, {.topology = queue, .exchange = {}, .routing_key = bridge.queue});
        else
            add_way_in(c, name,
                       {.topology = queue,
                        .queues = {{.subscription = name, .queue = bridge.queue, .single_active = false}},
                        .prefetch = settings_.prefetch},
                       {{name, {.subscription = id, .is_bridge = true, .topic = bridge.topic}}});
    }
}

void rabbitmq_bus::add_way_out(const runner_context& c, const std::string& name, std::int64_t id, rabbitmq::destination to) {
    // The callbacks come on the publisher's thread; the runner lives on the dispatcher's.
    auto& way = ways_.emplace_back();
    const auto index = ways_.size() - 1;
    way.publisher = std::make_unique<rabbitmq::publisher>(
        connection(name), std::move(to), settings_.window,
        rabbitmq::publisher_callbacks{
            .settled =
                [this, index, on = c.on](std::vector<std::int64_t> seqs) {
                    asio::post(on, [this, index, seqs = std::move(seqs)] { ways_[index].relay->settled(seqs); });
                },
            .unsendable =
                [this, index, on = c.on](event e, std::string reason) {
                    asio::post(on, [this, index, e = std::move(e), reason = std::move(reason)]() mutable {
                        ways_[index].relay->unsendable(std::move(e), std::move(reason));
                    });
                }},
        environment_);
    auto relay = std::make_unique<rabbitmq::relay>(c, name, id, *way.publisher, settings_.window);
    way.relay = relay.get();
    work_.add(std::move(relay));
}

void rabbitmq_bus::add_intake(const runner_context& c, const journal::recorded& recorded, rabbitmq::topology all) {
    rabbitmq::source from{.topology = std::move(all), .queues = {}, .prefetch = settings_.prefetch};
    std::map<std::string, rabbitmq::intake::destination> destinations;
    for (std::size_t i = 0; i < subscriptions().size(); ++i) {
        const auto& name = subscriptions()[i].name;
        if (!has_handler(i))
            continue; // another process handles it
        from.queues.push_back({.subscription = name, .queue = queue_of(subscriptions()[i])});
        destinations[name] = {.subscription = recorded.subscriptions[i]};
    }
    add_way_in(c, "intake", std::move(from), std::move(destinations));
}

void rabbitmq_bus::add_way_in(const runner_context& c, std::string_view purpose, rabbitmq::source from,
                              std::map<std::string, rabbitmq::intake::destination> to) {
    // The callback comes on the consumer's thread; the intake lives on the dispatcher's.
    auto& way = ways_in_.emplace_back();
    way.intake = std::make_unique<rabbitmq::intake>(c, journal_, std::move(to));
    way.consumer = std::make_unique<rabbitmq::consumer>(
        connection(purpose), std::move(from),
        [in = way.intake.get(), on = c.on](std::vector<rabbitmq::received> messages) {
            asio::post(on, [in, messages = std::move(messages)]() mutable { in->arrived(std::move(messages)); });
        },
        environment_);
    way.intake->attach(*way.consumer);
}

void rabbitmq_bus::start() {
    journal_bus::start();
    for (auto& way : ways_)
        way.publisher->start();
    for (auto& way : ways_in_)
        way.consumer->start();
}

/// First nothing more comes in, and what has come is committed and acknowledged; then nothing more goes out, and what has gone
/// is confirmed; then the handlers end.
void rabbitmq_bus::stop(std::chrono::steady_clock::time_point deadline) {
    if (stopped_.exchange(true))
        return;
    for (auto& way : ways_in_) {
        way.consumer->stop(deadline);
        asio::post(work_.get_executor(), [in = way.intake.get()] { in->stop(); });
    }
    for (auto& way : ways_)
        way.publisher->stop(deadline);
    journal_bus::stop(deadline);
}

awaitable<result<>> rabbitmq_bus::drain() {
    co_return co_await asio::co_spawn(work_.get_executor(), drain_here(), use_awaitable);
}

/// On the dispatcher's thread, where relays and intake live.
awaitable<result<>> rabbitmq_bus::drain_here() {
    for (const auto& way : ways_)
        way.relay->hold();
    steady_timer timer{work_.get_executor()};
    const auto end = std::chrono::steady_clock::now() + patience_of_a_drain;
    int empty_looks = 0; // one alone may fall between two steps of a message
    while (empty_looks < 2) {
        if (stopped_)
            co_return error{errc::unavailable, "the server is stopping; ask again after its next start"};
        if (std::chrono::steady_clock::now() > end)
            co_return error{errc::unavailable, "events are still on their way from the broker; ask again"};
        try {
            const bool nothing = co_await nothing_is_out();
            empty_looks = nothing ? empty_looks + 1 : 0;
        } catch (const rabbitmq::broker_error& e) {
            co_return error{errc::unavailable, std::string{e.what()} + ": " + e.advice()};
        }
        timer.expires_after(between_looks);
        co_await timer.async_wait(use_awaitable);
    }
    co_return co_await parts_.journal.write(
        [this](storage::transaction& t) -> result<> {
            table::set_adapter(t, adapter(), true);
            return {};
        },
        storage::lane::internal);
}

awaitable<bool> rabbitmq_bus::nothing_is_out() {
    const bool sent = std::ranges::all_of(ways_, [](const auto& way) { return way.relay->is_idle(); });
    const bool stored = std::ranges::all_of(
        ways_in_, [](const auto& way) { return way.intake->is_idle() && way.consumer->state().unacknowledged == 0; });
    if (!sent || !stored)
        co_return false;
    // Asking the broker blocks: on a thread of its own.
    using pool_executor = asio::thread_pool::executor_type;
    asio::thread_pool one{1};
    const auto ask = [](const rabbitmq_bus& self) -> asio::awaitable<std::uint64_t, pool_executor> {
        co_return self.messages_at_broker();
    };
    const auto messages = co_await asio::co_spawn(one.get_executor(), ask(*this), use_awaitable);
    co_return messages == 0;
}

/// In the queues of the subscriptions that are handled here. Throws `broker_error`.
std::uint64_t rabbitmq_bus::messages_at_broker() const {
    const rabbitmq::wake_event wake;
    rabbitmq::watchdog guard;
    rabbitmq::broker_connection c{connection("drain"), wake, guard};
    std::uint64_t messages = 0;
    for (std::size_t i = 0; i < subscriptions().size(); ++i)
        if (has_handler(i))
            messages += c.inspect_queue(queue_of(subscriptions()[i])).messages;
    c.close();
    return messages;
}

std::optional<broker_state> rabbitmq_bus::broker() const {
    if (ways_in_.empty())
        return std::nullopt;
    const auto out = ways_.front().publisher->state();
    const auto in = ways_in_.front().consumer->state();
    broker_state s;
    s.url = url_.without_password();
    if (out.connection.connected_since && in.connection.connected_since)
        s.connected_since = std::max(*out.connection.connected_since, *in.connection.connected_since);
    s.reconnects = out.connection.reconnects + in.connection.reconnects;
    for (const auto& way : ways_) {
        const auto each = way.publisher->state();
        s.unconfirmed += each.unconfirmed;
        s.returned += each.returned;
    }
    for (const auto& way : ways_in_) {
        s.unacknowledged += way.consumer->state().unacknowledged;
        s.redelivered += way.intake->redelivered();
    }
    s.blocked = out.blocked_reason;
    if (!s.connected_since)
        s.trouble = out.connection.connected_since ? in.connection.last_error : out.connection.last_error;
    for (const auto& subscription : in.subscriptions)
        if (subscription.role == rabbitmq::consumer::role::standby)
            s.standby.push_back(subscription.name);
    return s;
}

} // namespace

std::unique_ptr<durable_bus> make_rabbitmq_bus(bus_parts with, rabbitmq::settings broker) {
    return std::make_unique<rabbitmq_bus>(std::move(with), std::move(broker));
}

} // namespace atrium::events
