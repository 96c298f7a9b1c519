/// Measures how fast the relay sends the events of a journal to RabbitMQ. First a bus that cannot reach its broker fills a
/// journal in an empty folder. Then a bus with the real broker starts on that journal, and the program waits until no delivery
/// is pending. bench/run runs it.
///
///     relay_drain URL FOLDER EVENTS

#include "sample.hpp"

#include <events/adapters.hpp>
#include <storage/sqlite/database.hpp>
#include <support/run.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <thread>

namespace {

using namespace atrium;
using namespace std::chrono_literals;

constexpr auto unreachable_broker = "amqp://guest:guest@127.0.0.1:1/"; // a port that refuses connections
constexpr std::int64_t events_per_transaction = 1000;                  // while the journal is filled

/// A process that publishes events and handles none. It declares one subscription, which another process would handle.
class publishing_process {
public:
    publishing_process(const std::filesystem::path& folder, const char* broker)
        : database_{{.path = folder / "drain.db"}, schemas(), metrics_, {}} {
        database_.migrate();
        database_.start([] { std::abort(); });
        events::rabbitmq::settings settings;
        settings.url = broker;
        settings.window = bench::window;
        bus_ = events::make_rabbitmq_bus({{}, journal_, clock_, metrics_, {}}, settings);
        bus_->declare({.name = "bench.sink", .topics = {bench::topic}});
    }
    ~publishing_process() {
        bus_->stop(std::chrono::steady_clock::now() + 10s);
        database_.close();
    }
    publishing_process(const publishing_process&) = delete;
    publishing_process& operator=(const publishing_process&) = delete;

    void start() { bus_->start(); }

    void publish(std::int64_t first, std::int64_t end) {
        support::run(journal_.write([&](storage::transaction& t) -> result<> {
            for (auto n = first; n < end; ++n)
                bus_->publish(t, {.topic = bench::topic, .key = std::to_string(n), .data = bench::body(n)});
            return {};
        })).value();
    }

    /// Whether the journal has no delivery left. This query is cheaper than `inspect`, which counts the deliveries.
    [[nodiscard]] bool is_drained() {
        return support::run(journal_.read([](storage::snapshot& s) -> result<bool> {
                   return !s.query_integer("SELECT 1 FROM events_delivery LIMIT 1").has_value();
               }))
            .value();
    }

    [[nodiscard]] std::int64_t pending() { return support::run(bus_->inspect()).value().pending; }
    [[nodiscard]] std::uint64_t returned() const { return bus_->broker()->returned; }

private:
    static std::vector<storage::schema> schemas() { return {events::journal_schema()}; }

    system_clock clock_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_;
    storage::store journal_{database_, "events"};
    std::unique_ptr<events::durable_bus> bus_;
};

void fill(const std::filesystem::path& folder, std::int64_t events) {
    publishing_process process{folder, unreachable_broker};
    process.start();
    for (std::int64_t n = 0; n < events; n += events_per_transaction)
        process.publish(n, std::min(n + events_per_transaction, events));
    if (process.pending() != events)
        throw std::runtime_error{"the journal does not contain all published events"};
}

std::chrono::microseconds drain(const std::filesystem::path& folder, const char* broker) {
    publishing_process process{folder, broker};
    const auto begin = std::chrono::steady_clock::now();
    process.start();
    while (!process.is_drained())
        std::this_thread::sleep_for(2ms);
    const auto duration = std::chrono::steady_clock::now() - begin;
    if (process.returned() > 0)
        throw std::runtime_error{"the broker returned messages"};
    return std::chrono::duration_cast<std::chrono::microseconds>(duration);
}

} // namespace

int main(int count, char** words) {
    if (count != 4) {
        std::fputs("usage: relay_drain URL FOLDER EVENTS\n", stderr);
        return 2;
    }
    try {
        const auto events = std::atoll(words[3]);
        fill(words[2], events);
        std::printf("messages=%lld microseconds=%lld\n", events, static_cast<long long>(drain(words[2], words[1]).count()));
    } catch (const std::exception& e) {
        std::fprintf(stderr, "relay_drain: %s\n", e.what());
        return 1;
    }
}
