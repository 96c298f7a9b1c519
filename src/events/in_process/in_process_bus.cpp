#include "../asynchronous_runner.hpp"
#include "../dispatcher.hpp"
#include "../journal.hpp"
#include "../transactional_runner.hpp"
#include "migrations.hpp"

#include <events/in_process/in_process_bus.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <variant>

namespace atrium::events {

const storage::schema& journal_schema() {
    static const storage::schema schema{"events", migrations};
    return schema;
}

struct in_process_bus::impl {
    /// Who handles a subscription here; nobody, where its module does not run.
    using handler = std::variant<std::monostate, transactional_handler, asynchronous_handler>;

    impl(events::settings s, storage::store j, const clock& c, metrics::registry& m, logger l)
        : settings{s}, store{std::move(j)}, time{c}, metrics{m}, log{std::move(l)},
          log_book{time, [this](std::span<const std::int64_t> touched) { work.notify(touched); }, metrics} {}

    void attach(subscription s, handler h);
    [[nodiscard]] std::vector<std::int64_t> record();
    [[nodiscard]] std::unique_ptr<runner> make_runner(const runner_context& c, std::size_t index, std::int64_t id);

    events::settings settings;
    storage::store store;
    const clock& time;
    metrics::registry& metrics;
    logger log;
    std::vector<subscription> subscriptions;
    std::vector<handler> handlers; ///< of the subscriptions, in their order
    std::atomic<bool> running = false;
    dispatcher work; ///< before the journal, which notifies it
    journal log_book;
};

void in_process_bus::impl::attach(subscription s, handler h) {
    const auto taken = std::ranges::any_of(subscriptions, [&](const auto& other) { return other.name == s.name; });
    const auto dot = s.name.find('.');
    if (running || taken || dot == 0 || dot == std::string::npos || s.topics.empty())
        throw std::logic_error{
            "subscription \"" + s.name +
            "\": its name is taken or not of the form MODULE.PURPOSE, it has no topics, or the bus runs already"};
    subscriptions.push_back(std::move(s));
    handlers.push_back(std::move(h));
}

std::vector<std::int64_t> in_process_bus::impl::record() {
    std::vector<std::string> unclaimed;
    const auto write = [&]() -> awaitable<result<std::vector<std::int64_t>>> {
        co_return co_await store.write(
            [&](storage::transaction& t) -> result<std::vector<std::int64_t>> {
                return log_book.record(t, subscriptions, unclaimed);
            },
            storage::lane::internal);
    };
    asio::io_context here{1};
    auto recorded = asio::co_spawn(here, write(), asio::use_future);
    here.run();
    const auto ids = recorded.get();
    if (!ids)
        throw std::runtime_error{"the subscriptions cannot be recorded: " + ids.error().detail};

    metrics.gauge("atrium_events_unclaimed_subscriptions", "Recorded subscriptions that no module claims; they keep gathering.")
        .set(static_cast<double>(unclaimed.size()));
    for (const auto& name : unclaimed)
        log.warning("no module claims a recorded subscription any more; it keeps gathering events", {{"subscription", name}});
    return *ids;
}

std::unique_ptr<runner> in_process_bus::impl::make_runner(const runner_context& c, std::size_t index, std::int64_t id) {
    if (const auto* transactional = std::get_if<transactional_handler>(&handlers[index]))
        return std::make_unique<transactional_runner>(c, subscriptions[index], id, *transactional);
    if (const auto* asynchronous = std::get_if<asynchronous_handler>(&handlers[index]))
        return std::make_unique<asynchronous_runner>(c, subscriptions[index], id, *asynchronous);
    return nullptr;
}

in_process_bus::in_process_bus(settings s, storage::store journal, const clock& time, metrics::registry& metrics, logger log)
    : impl_{std::make_unique<impl>(s, std::move(journal), time, metrics, std::move(log))} {}

in_process_bus::~in_process_bus() = default;

void in_process_bus::publish(storage::transaction& t, new_event e) {
    impl_->log_book.publish(t, std::move(e));
}

void in_process_bus::subscribe(subscription s, transactional_handler handler) {
    impl_->attach(std::move(s), std::move(handler));
}

void in_process_bus::subscribe(subscription s, asynchronous_handler handler) {
    impl_->attach(std::move(s), std::move(handler));
}

void in_process_bus::declare(subscription s) {
    impl_->attach(std::move(s), {});
}

void in_process_bus::start() {
    const auto ids = impl_->record();
    const runner_context context{.on = impl_->work.get_executor(),
                                 .store = impl_->store,
                                 .time = impl_->time,
                                 .retry = impl_->settings.retry,
                                 .metrics = impl_->metrics,
                                 .log = impl_->log};
    for (std::size_t i = 0; i < ids.size(); ++i)
        if (auto runner = impl_->make_runner(context, i, ids[i]))
            impl_->work.add(std::move(runner));
    impl_->work.add(std::make_unique<retention>(context, impl_->settings.retention));
    impl_->work.start();
    impl_->running = true;
}

void in_process_bus::stop(std::chrono::steady_clock::time_point deadline) {
    impl_->running = false;
    impl_->work.stop(deadline);
}

awaitable<result<backlog>> in_process_bus::inspect() {
    using counted = std::vector<std::pair<std::string, table::counts>>;
    const auto all = co_await impl_->store.read([](storage::snapshot& s) -> result<counted> {
        counted found;
        for (const auto& row : table::subscriptions(s))
            found.emplace_back(row.name, table::count(s, row.id));
        return found;
    });
    if (!all)
        co_return all.error();

    backlog sum;
    const auto now = impl_->time.now();
    for (const auto& [name, counts] : *all) {
        const auto age =
            counts.oldest ? std::max(now - *counts.oldest, std::chrono::milliseconds{0}) : std::chrono::milliseconds{0};
        sum.pending += counts.pending;
        sum.dead += counts.dead;
        sum.oldest = std::max(sum.oldest, age);

        const metrics::labels of{{"subscription", name}};
        auto& metrics = impl_->metrics;
        metrics.gauge("atrium_events_pending", "Deliveries that are not handled yet.", of)
            .set(static_cast<double>(counts.pending));
        metrics.gauge("atrium_events_dead_letters", "Deliveries given up after their last attempt.", of)
            .set(static_cast<double>(counts.dead));
        metrics.gauge("atrium_events_oldest_pending_seconds", "Age of the oldest event that is not handled yet.", of)
            .set(std::chrono::duration<double>(age).count());
    }
    co_return sum;
}

awaitable<result<std::vector<dead_letter>>> in_process_bus::dead_letters(int limit) {
    co_return co_await impl_->store.read(
        [=](storage::snapshot& s) -> result<std::vector<dead_letter>> { return table::dead_letters(s, limit); });
}

awaitable<result<>> in_process_bus::retry(std::string subscription, std::int64_t seq) {
    co_return co_await impl_->store.write([&](storage::transaction& t) -> result<> {
        const auto id = table::find_dead_letter(t, subscription, seq);
        if (!id)
            return error{errc::not_found, "there is no such dead letter"};
        table::revive(t, *id, seq);
        impl_->log_book.touch(t, *id);
        return {};
    });
}

awaitable<result<>> in_process_bus::discard(std::string subscription, std::int64_t seq) {
    co_return co_await impl_->store.write([&](storage::transaction& t) -> result<> {
        const auto id = table::find_dead_letter(t, subscription, seq);
        if (!id || !table::remove_delivery(t, *id, seq))
            return error{errc::not_found, "there is no such dead letter"};
        return {};
    });
}

} // namespace atrium::events
