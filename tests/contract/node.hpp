#pragma once

#include "adapter.hpp"

#include <base/awaitable.hpp>
#include <base/clock.hpp>
#include <base/timer.hpp>
#include <events/adapters.hpp>
#include <events/bus.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>
#include <storage/store.hpp>
#include <support/broken_database.hpp>
#include <support/eventually.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace atrium::contract {

using support::eventually;
using support::run;
using support::temporary_directory;

/// Waits for `duration`, to make a handler slow.
inline awaitable<> nap(std::chrono::milliseconds duration) {
    steady_timer t{co_await asio::this_coro::executor, duration};
    co_await t.async_wait(use_awaitable);
}

/// A clock that differs from the true time by `offset`. The bus uses it for the due times of events and retries. May be used on
/// any thread.
class wrong_clock final : public clock {
public:
    explicit wrong_clock(std::chrono::milliseconds initial) : offset{initial} {}
    [[nodiscard]] timestamp now() const override { return system_clock{}.now() + offset.load(); }

    std::atomic<std::chrono::milliseconds> offset;
};

/// A note that a handler of the module `probe` has written.
struct note {
    std::string subscription;
    std::string topic;
    std::string key;
    std::int64_t number;
    bool operator==(const note&) const = default;
};

/// The event-related parts of a process: a real database in a file, a bus with the given adapter, and a module `probe` whose
/// handlers record their events in a table of the module. A second node on the same file is the same process after a restart.
class node {
public:
    explicit node(const std::filesystem::path& folder, events::settings s = quick_settings(),
                  const adapter_maker& make = adapter_under_test, const clock& time = true_time())
        : adapter_{make(folder)}, time_{time}, database_{{.path = folder / "node.db"}, schemas(), metrics_, {}} {
        database_.migrate();
        database_.start(support::abort_for_broken_database);
        bus_ = adapter_->make_bus({s, journal_, time_, metrics_, {}, std::chrono::milliseconds{1}});
    }
    ~node() { stop(); }

    /// Settings that retry failures almost immediately, with three attempts in total.
    static events::settings quick_settings() {
        events::settings s;
        s.retry = {.attempts = 3, .first_delay = std::chrono::milliseconds{2}, .max_delay = std::chrono::milliseconds{4}};
        return s;
    }

    [[nodiscard]] events::durable_bus& bus() { return *bus_; }
    [[nodiscard]] const storage::store& store() const { return store_; }
    [[nodiscard]] const storage::store& journal() const { return journal_; }
    [[nodiscard]] storage::database& database() { return database_; }
    /// The sum of a metric over its labels.
    [[nodiscard]] double metric(std::string_view name) {
        double sum = 0;
        std::istringstream lines{metrics_.render()};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(name) && line.size() > name.size() && (line[name.size()] == '{' || line[name.size()] == ' '))
                sum += std::stod(line.substr(line.rfind(' ')));
        return sum;
    }

    void start() { bus_->start(); }
    void stop() {
        bus_->stop(std::chrono::steady_clock::now() + std::chrono::seconds{10});
        database_.close();
    }

    /// Subscribes a handler that writes a note of each event.
    void note_all(const std::string& name, std::vector<std::string> topics,
                  events::start_from start = events::start_from::now) {
        bus_->subscribe({.name = name, .topics = std::move(topics), .start = start},
                        [name](storage::transaction& t, const events::event& e) -> result<> {
                            write_note(t, name, e);
                            return {};
                        });
    }

    /// Writes a note; called by handlers.
    static void write_note(storage::transaction& t, std::string_view subscription, const events::event& e) {
        t.execute("INSERT INTO probe_note (subscription, topic, key, number) VALUES (?1, ?2, ?3, json_extract(?4, '$.number'))",
                  subscription, e.topic, e.key, e.data);
    }

    /// Publishes one event for each number, all in one transaction.
    void publish(const std::string& topic, const std::string& key, const std::vector<std::int64_t>& numbers = {0},
                 int priority = 4, std::optional<timestamp> deliver_at = {}) {
        const auto outcome = run(store_.write([&](storage::transaction& t) -> result<> {
            for (const auto number : numbers)
                bus_->publish(
                    t, {.topic = topic, .key = key, .data = data(number), .priority = priority, .deliver_at = deliver_at});
            return {};
        }));
        if (!outcome)
            throw std::runtime_error{outcome.error().detail};
    }

    static std::string data(std::int64_t number) { return "{\"number\":" + std::to_string(number) + "}"; }

    /// The notes of one subscription, or of all subscriptions if `subscription` is empty, in the order of handling.
    [[nodiscard]] std::vector<note> notes(std::string_view subscription = {}) const {
        return run(store_.read([&](storage::snapshot& s) -> result<std::vector<note>> {
                   std::vector<note> found;
                   for (auto rows = s.query("SELECT subscription, topic, key, number FROM probe_note"
                                            " WHERE ?1 = '' OR subscription = ?1 ORDER BY place",
                                            subscription);
                        rows.next();)
                       found.push_back(
                           {std::string{rows.text(0)}, std::string{rows.text(1)}, std::string{rows.text(2)}, rows.integer(3)});
                   return found;
               }))
            .value();
    }

    /// The numbers in the notes of one subscription; if `key` is not empty, only those of events with this key.
    [[nodiscard]] std::vector<std::int64_t> numbers(std::string_view subscription, std::string_view key = {}) const {
        std::vector<std::int64_t> found;
        for (const auto& n : notes(subscription))
            if (key.empty() || n.key == key)
                found.push_back(n.number);
        return found;
    }

    /// Publishes events that are due at `when`.
    void schedule(timestamp when, const std::string& topic, const std::string& key, const std::vector<std::int64_t>& numbers) {
        publish(topic, key, numbers, 4, when);
    }
    /// The number of events that are not due yet.
    [[nodiscard]] std::int64_t count_scheduled() { return run(bus_->inspect()).value().scheduled; }

    /// The number of deliveries in this journal that are neither handled nor dead.
    [[nodiscard]] std::int64_t count_pending() { return run(bus_->inspect()).value().pending; }
    /// The number of deliveries of one subscription in this journal that are neither handled nor dead.
    [[nodiscard]] std::int64_t count_waiting(std::string_view subscription) const {
        return run(journal_.read([&](storage::snapshot& s) -> result<std::int64_t> {
                   return *s.query_integer("SELECT count(*) FROM events_delivery WHERE state <> 'dead' AND subscription ="
                                           " (SELECT id FROM events_subscription WHERE name = ?1)",
                                           subscription);
               }))
            .value();
    }
    /// The number of events in the journal.
    [[nodiscard]] std::int64_t count_events() {
        return run(journal_.read([](storage::snapshot& s) -> result<std::int64_t> {
                   return *s.query_integer("SELECT count(*) FROM events_log");
               }))
            .value();
    }
    [[nodiscard]] events::operations& operations() { return bus_->operations(); }
    /// The first thousand dead letters.
    [[nodiscard]] std::vector<events::dead_letter> dead_letters() {
        return run(operations().list_dead_letters({}, {}, 1000)).value().items;
    }
    events::bulk_operation retry(const events::dead_letter& letter) {
        return run(operations().retry(filter_for(letter.id), {})).value();
    }
    events::bulk_operation discard(const events::dead_letter& letter) {
        return run(operations().discard(filter_for(letter.id), {})).value();
    }
    /// A filter that matches only the dead letter with this id.
    static events::dead_letter_filter filter_for(std::string id) {
        events::dead_letter_filter filter;
        filter.ids.push_back(std::move(id));
        return filter;
    }

    /// Whether every event has been handled or has become a dead letter. Checks the journal, then the broker, then the journal
    /// again. Events pass through them in this order, so no event is overlooked.
    [[nodiscard]] bool is_quiet() { return count_pending() == 0 && adapter_->is_broker_empty() && count_pending() == 0; }

    /// Waits until `is_quiet` returns true.
    void settle() {
        eventually([this] { return is_quiet(); });
    }

private:
    static const clock& true_time() {
        static const system_clock time;
        return time;
    }

    static std::vector<storage::schema> schemas() {
        static constexpr storage::migration probe[] = {{1, "0001_note", R"(
            CREATE TABLE probe_note (place INTEGER PRIMARY KEY AUTOINCREMENT, subscription TEXT NOT NULL, topic TEXT NOT NULL,
                                     key TEXT NOT NULL, number INTEGER NOT NULL) STRICT;)"}};
        return {events::journal_schema(), {"probe", probe}};
    }

    std::unique_ptr<adapter> adapter_;
    const clock& time_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_;
    storage::store store_{database_, "probe"};
    storage::store journal_{database_, "events"};
    std::unique_ptr<events::durable_bus> bus_;
};

/// The numbers from `first` to `last`.
[[nodiscard]] inline std::vector<std::int64_t> range(std::int64_t first, std::int64_t last) {
    std::vector<std::int64_t> all;
    for (auto n = first; n <= last; ++n)
        all.push_back(n);
    return all;
}

} // namespace atrium::contract
