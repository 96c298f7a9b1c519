#include "core/journal_bus.hpp"

#include "core/asynchronous_runner.hpp"
#include "core/bulk_worker.hpp"
#include "core/number_tables.hpp"
#include "core/schedule_runner.hpp"
#include "core/transactional_runner.hpp"
#include "migrations.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace atrium::events {
namespace {

std::string describe(const table::gap_row& gap) {
    return "the broker has dropped " + std::to_string(gap.events) + " events for " + gap.subscription + ", noticed at " +
           to_rfc3339(gap.noticed) + "; their publisher " + gap.publisher + " is asked to send them again";
}

} // namespace

const storage::schema& journal_schema() {
    static const storage::schema schema{"events", migrations};
    return schema;
}

journal_bus::journal_bus(bus_parts parts)
    : parts_{std::move(parts)}, feed_{parts_.journal, parts_.settings.feed},
      journal_{parts_.time, [this](std::span<const subscription_id> dirty) { dispatcher_.notify(dirty); }, feed_,
               parts_.metrics},
      bulk_{parts_.journal, parts_.time, journal_,
            [this](subscription_id subscription, std::vector<event_seq> events) {
                return resend(subscription, std::move(events));
            },
            [this] { wake_worker(); }},
      operations_{{.store = parts_.journal, .time = parts_.time, .journal = journal_, .bulk = bulk_, .process = [this] {
                       return view_process();
                   }}} {}

void journal_bus::attach(subscription s, handler h) {
    const auto taken = std::ranges::any_of(subscriptions_, [&](const auto& other) { return other.name == s.name; });
    const auto module = s.name.substr(0, s.name.find('.'));
    if (running_ || taken || module.empty() || module == s.name || module == "events" || s.topics.empty())
        throw std::logic_error{
            "subscription \"" + s.name +
            "\": its name is taken or not of the form MODULE.PURPOSE, it has no topics, or the bus runs already"};
    subscriptions_.push_back(std::move(s));
    handlers_.push_back(std::move(h));
}

void journal_bus::publish(storage::transaction& t, new_event e) {
    journal_.publish(t, std::move(e));
}

void journal_bus::subscribe(subscription s, transactional_handler h) {
    attach(std::move(s), std::move(h));
}

void journal_bus::subscribe(subscription s, asynchronous_handler h) {
    attach(std::move(s), std::move(h));
}

void journal_bus::declare(subscription s) {
    attach(std::move(s), {});
}

journal::record_result journal_bus::record() {
    const auto all_outlets = outlets();
    const auto write = [&]() -> awaitable<result<journal::record_result>> {
        co_return co_await parts_.journal.write(
            [&](storage::transaction& t) -> result<journal::record_result> {
                auto done = journal_.record(t, subscriptions_, all_outlets);
                take_over(t);
                return done;
            },
            storage::write_priority::internal);
    };
    auto done = dispatcher_.run_first(write());
    if (!done)
        throw start_error{"the subscriptions cannot be recorded: " + done.error().detail};

    parts_.metrics
        .gauge("atrium_events_unclaimed_subscriptions", "Recorded subscriptions that no module claims; their events accumulate")
        .set(static_cast<double>(done->unclaimed.size()));
    for (const auto& name : done->unclaimed)
        parts_.log.warning("no module claims a recorded subscription any more; its events accumulate",
                           {{"subscription", name}});
    for (const auto& name : done->unused)
        parts_.log.warning("events wait for a bridge that does not run; they stay until it is configured and runs again",
                           {{"bridge", name}, {"adapter", adapter()}});
    return *std::move(done);
}

std::unique_ptr<runner> journal_bus::make_runner(const runner_context& c, std::size_t index, subscription_id id) const {
    if (const auto* transactional = std::get_if<transactional_handler>(&handlers_[index]))
        return std::make_unique<transactional_runner>(c, subscriptions_[index], id, *transactional);
    if (const auto* asynchronous = std::get_if<asynchronous_handler>(&handlers_[index]))
        return std::make_unique<asynchronous_runner>(c, subscriptions_[index], id, *asynchronous);
    return nullptr;
}

void journal_bus::start() {
    const auto recorded = record();
    const runner_context context{.dispatcher_executor = dispatcher_.get_executor(),
                                 .store = parts_.journal,
                                 .time = parts_.time,
                                 .clock_step = parts_.clock_step,
                                 .retry = parts_.settings.retry,
                                 .metrics = parts_.metrics,
                                 .log = parts_.log};
    for (std::size_t i = 0; i < subscriptions_.size(); ++i)
        if (auto runner = make_runner(context, i, recorded.subscriptions[i]))
            dispatcher_.add(std::move(runner));
    dispatcher_.add(std::make_unique<schedule_runner>(context, journal_));
    dispatcher_.add(std::make_unique<retention>(context, parts_.settings.retention, parts_.settings.dead_letters));
    auto worker = std::make_unique<bulk_worker>(context, bulk_);
    worker_ = worker.get();
    dispatcher_.add(std::move(worker));
    add_runners(context, recorded);
    dispatcher_.start();
    running_ = true;
}

void journal_bus::stop(std::chrono::steady_clock::time_point deadline) {
    running_ = false;
    dispatcher_.stop(deadline);
}

awaitable<result<backlog>> journal_bus::inspect() {
    const auto began = recent_backlog::clock::now();
    auto cached = recent_.find(began);
    if (!cached && parts_.journal.holds_reads_back())
        cached = recent_.last(); // while the database holds back reads, return the last count
    if (cached)
        co_return *std::move(cached);
    auto counted = co_await count_backlog();
    if (counted)
        recent_.keep(*counted, began, recent_backlog::clock::now());
    co_return counted;
}

/// Counts the deliveries, and updates the metrics as well.
awaitable<result<backlog>> journal_bus::count_backlog() {
    struct counted {
        std::vector<std::pair<table::subscription_row, table::counts>> subscriptions;
        std::vector<table::gap_row> gaps;
        std::int64_t scheduled = 0;
    };
    const auto counts_now = co_await parts_.journal.read([](storage::snapshot& s) -> result<counted> {
        counted sums;
        for (const auto& row : table::subscriptions(s))
            sums.subscriptions.emplace_back(row, table::count(s, row.id));
        sums.gaps = table::gaps(s);
        sums.scheduled = table::count_scheduled(s);
        return sums;
    });
    if (!counts_now)
        co_return counts_now.error();

    backlog sum;
    sum.scheduled = counts_now->scheduled;
    parts_.metrics.gauge("atrium_events_scheduled", "Published events that are not due yet")
        .set(static_cast<double>(counts_now->scheduled));
    const auto now = parts_.time.now();
    for (const auto& [row, counts] : counts_now->subscriptions) {
        const auto age =
            counts.oldest ? std::max(now - *counts.oldest, std::chrono::milliseconds{0}) : std::chrono::milliseconds{0};
        sum.pending += counts.pending;
        sum.dead += counts.dead;
        sum.oldest = std::max(sum.oldest, age);

        const metrics::labels labels{{"subscription", row.name}};
        auto& metrics = parts_.metrics;
        metrics.gauge("atrium_events_pending", "Deliveries that are not handled yet", labels)
            .set(static_cast<double>(counts.pending));
        metrics.gauge("atrium_events_dead_letters", "Deliveries given up after their last attempt", labels)
            .set(static_cast<double>(counts.dead));
        metrics.gauge("atrium_events_oldest_pending_seconds", "Age of the oldest event that is not handled yet", labels)
            .set(std::chrono::duration<double>(age).count());
        metrics.gauge("atrium_events_paused", "1 if an operator has paused the subscription, otherwise 0", labels)
            .set(row.is_paused ? 1 : 0);
    }
    parts_.metrics.gauge("atrium_events_followers", "Followers of the journal as a stream").set(feed_.followers());
    for (const auto& gap : counts_now->gaps)
        sum.gaps.push_back(describe(gap));
    co_return sum;
}

awaitable<result<std::int64_t>> journal_bus::resend(subscription_id, std::vector<event_seq>) {
    co_return bulk_driver::no_broker();
}

process_view journal_bus::view_process() const {
    const auto all_outlets = outlets();
    return {.has_broker = !all_outlets.empty(),
            .is_claimed =
                [this, all_outlets](const std::string& name) {
                    return std::ranges::find(subscriptions_, name, &subscription::name) != subscriptions_.end() ||
                           std::ranges::find(all_outlets, name, &outlet::name) != all_outlets.end();
                },
            .handled_rate = [this](subscription_id id) -> std::optional<double> {
                const auto* found = dispatcher_.find_runner(id);
                return found ? std::optional{found->rate()} : std::nullopt;
            }};
}

/// Can be called on any thread.
void journal_bus::wake_worker() {
    asio::post(dispatcher_.get_executor(), [this] {
        if (worker_)
            worker_->wake();
    });
}

} // namespace atrium::events
