/// Measures, without HTTP, how many events a second are published and handled. An event is handled once the effect of its
/// handler is committed. The process has the real database and bus, and one subscription whose handler counts the events of
/// each key in a table. Publishers publish one event in each write, as fast as the writes are committed. bench/run runs it.
///
///     event_throughput FOLDER SECONDS PUBLISHERS unique|hot

#include "sample.hpp"

#include <events/adapters.hpp>
#include <storage/sqlite/database.hpp>
#include <support/run.hpp>

#include <boost/asio/co_spawn.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::steady_clock;

std::atomic<std::int64_t> syncs;
std::atomic<steady_clock::duration> time_of_syncs;

} // namespace

/// Replaces the function of the system with which SQLite syncs its files, so that the syncs are counted.
extern "C" int fdatasync(int file) {
    const auto began = steady_clock::now();
    const auto code = static_cast<int>(::syscall(SYS_fdatasync, file));
    ++syncs;
    // Only the writer's thread syncs, so the addition need not be atomic.
    time_of_syncs = time_of_syncs.load() + (steady_clock::now() - began);
    return code;
}

namespace {

using namespace atrium;

microseconds processor_time(clockid_t clock) {
    timespec used{};
    if (::clock_gettime(clock, &used) != 0)
        throw std::runtime_error{"the processor time of a thread cannot be read"};
    return std::chrono::duration_cast<microseconds>(std::chrono::seconds{used.tv_sec} + std::chrono::nanoseconds{used.tv_nsec});
}

clockid_t clock_of_this_thread() {
    clockid_t clock{};
    if (::pthread_getcpuclockid(::pthread_self(), &clock) != 0)
        throw std::runtime_error{"the clock of a thread's processor time cannot be read"};
    return clock;
}

/// The work and the resource usage of the process since its start.
struct usage {
    std::int64_t commits;
    std::int64_t functions; ///< functions of `store.write`, each in a savepoint of a commit
    std::int64_t syncs;
    microseconds syncing; ///< how long the writer waited for the disk
    microseconds writer;  ///< processor time of the writer's thread
    microseconds process; ///< processor time of the whole process
};

/// The figures of one load.
struct figures {
    std::int64_t events;
    microseconds time_to_publish; ///< from the start until the last publication was committed
    microseconds time_to_handle;  ///< from the start until the last effect of the handler was committed
    microseconds publisher_work;  ///< processor time of the publishers' threads
};

/// A process with the journal and one module, `bench`.
class process {
public:
    explicit process(const std::filesystem::path& folder) : database_{{.path = folder / "events.db"}, schemas(), metrics_, {}} {
        database_.migrate();
        database_.start([] { std::abort(); });
        bus_ = events::make_in_process_bus({{}, journal_, clock_, metrics_, {}});
        bus_->subscribe(
            {.name = "bench.count", .topics = {bench::topic}}, [](storage::transaction& t, const events::event& e) -> result<> {
                t.execute("INSERT INTO bench_count (key, events, last) VALUES (?1, 1, ?2) ON CONFLICT (key) DO UPDATE"
                          " SET events = events + 1, disorder = disorder + (excluded.last < last), last = excluded.last",
                          e.key, e.seq);
                return {};
            });
        bus_->start();
        writer_ = support::run(store_.write([](storage::transaction&) -> result<clockid_t> {
                      return clock_of_this_thread();
                  })).value();
    }
    ~process() {
        bus_->stop(steady_clock::now() + 10s);
        database_.close();
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    /// Publishes for `duration`, and waits until every event is handled. With `has_hot_key`, all events have the same key.
    figures load(steady_clock::duration duration, int publishers, bool has_hot_key) {
        const auto began = steady_clock::now();
        const auto first = published_.load();
        const auto used = publish(began + duration, publishers, has_hot_key);
        const auto publishing_ended = steady_clock::now();
        while (!is_quiet())
            std::this_thread::sleep_for(2ms);
        const auto handling_ended = steady_clock::now();
        return {.events = published_ - first,
                .time_to_publish = std::chrono::duration_cast<microseconds>(publishing_ended - began),
                .time_to_handle = std::chrono::duration_cast<microseconds>(handling_ended - began),
                .publisher_work = used};
    }

    [[nodiscard]] usage read_usage() {
        return {.commits = metric("atrium_storage_batch_size_count"),
                .functions = metric("atrium_storage_batch_size_sum"),
                .syncs = syncs,
                .syncing = std::chrono::duration_cast<microseconds>(time_of_syncs.load()),
                .writer = processor_time(writer_),
                .process = processor_time(CLOCK_PROCESS_CPUTIME_ID)};
    }

    /// Throws if an event was lost, handled twice, or handled before an earlier event with the same key.
    void check_effects() const {
        const auto read = [&](const char* sql) {
            return support::run(store_.read([&](storage::snapshot& s) -> result<std::int64_t> {
                       return s.query_integer(sql).value_or(0);
                   }))
                .value();
        };
        if (read("SELECT sum(events) FROM bench_count") != published_ || read("SELECT sum(disorder) FROM bench_count") != 0)
            throw std::runtime_error{"an event was lost, handled twice, or handled before an earlier event with the same key"};
    }

private:
    static std::vector<storage::schema> schemas() {
        static constexpr storage::migration tables[] = {{1, "0001_count", R"(
            CREATE TABLE bench_count (key TEXT PRIMARY KEY, events INTEGER NOT NULL, last INTEGER NOT NULL,
                                      disorder INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;)"}};
        return {events::journal_schema(), {"bench", tables}};
    }

    /// Distributes the publishers over at most one thread for each core, and runs them until `end`. Returns their processor
    /// time.
    microseconds publish(steady_clock::time_point end, int publishers, bool has_hot_key) {
        const int count = std::min<int>(publishers, static_cast<int>(std::max(1U, std::thread::hardware_concurrency())));
        std::atomic<std::int64_t> used = 0;
        std::vector<std::jthread> threads;
        for (int n = 0; n < count; ++n)
            threads.emplace_back([&, own = publishers / count + (n < publishers % count ? 1 : 0)] {
                auto context = support::context_pool::instance().take();
                for (int i = 0; i < own; ++i)
                    asio::co_spawn(*context, keep_publishing(end, has_hot_key), end_if_failed);
                context->run();
                context->restart();
                support::context_pool::instance().give_back(std::move(context));
                used += processor_time(CLOCK_THREAD_CPUTIME_ID).count();
            });
        threads.clear(); // joins them
        return microseconds{used};
    }

    /// Ends the program after a failure. Called on a publishers' thread, where an exception would end the program without a
    /// message.
    static void end_if_failed(const std::exception_ptr& failure) {
        if (!failure)
            return;
        std::fprintf(stderr, "event_throughput: %s\n", reason_of(failure).c_str());
        std::_Exit(1);
    }

    awaitable<> keep_publishing(steady_clock::time_point end, bool has_hot_key) {
        while (steady_clock::now() < end) {
            const auto number = ++published_;
            const auto written = co_await store_.write([&](storage::transaction& t) -> result<> {
                bus_->publish(t, {.topic = bench::topic,
                                  .key = has_hot_key ? "order/0" : "order/" + std::to_string(number),
                                  .data = bench::body(number)});
                return {};
            });
            written.value(); // throws if the write was refused
        }
    }

    /// Whether the journal has no delivery left. This query is cheaper than `inspect`, which counts the deliveries.
    [[nodiscard]] bool is_quiet() const {
        return support::run(journal_.read([](storage::snapshot& s) -> result<bool> {
                   return !s.query_integer("SELECT 1 FROM events_delivery LIMIT 1").has_value();
               }))
            .value();
    }

    /// The value of a metric without labels.
    [[nodiscard]] std::int64_t metric(std::string_view name) {
        std::istringstream lines{metrics_.render()};
        for (std::string line; std::getline(lines, line);)
            if (line.starts_with(name) && line[name.size()] == ' ')
                return static_cast<std::int64_t>(std::stod(line.substr(name.size())));
        throw std::runtime_error{"there is no metric " + std::string{name}};
    }

    system_clock clock_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_;
    storage::store store_{database_, "bench"};
    storage::store journal_{database_, "events"};
    std::unique_ptr<events::durable_bus> bus_;
    clockid_t writer_{};
    std::atomic<std::int64_t> published_ = 0;
};

void measure(const std::filesystem::path& folder, std::chrono::seconds duration, int publishers, bool has_hot_key) {
    process tested{folder};
    tested.load(1s, publishers, has_hot_key); // warm-up
    const auto before = tested.read_usage();
    const auto measured = tested.load(duration, publishers, has_hot_key);
    const auto after = tested.read_usage();
    tested.check_effects();
    if (after.syncs == before.syncs)
        throw std::runtime_error{"no call of fdatasync was counted: SQLite does not use the replacement in this program"};

    const auto writer = after.writer - before.writer;
    const auto dispatcher = after.process - before.process - writer - measured.publisher_work; // the other threads are idle
    const std::pair<const char*, std::int64_t> all[] = {{"events", measured.events},
                                                        {"published", measured.time_to_publish.count()},
                                                        {"handled", measured.time_to_handle.count()},
                                                        {"commits", after.commits - before.commits},
                                                        {"functions", after.functions - before.functions},
                                                        {"syncs", after.syncs - before.syncs},
                                                        {"syncing", (after.syncing - before.syncing).count()},
                                                        {"writer", writer.count()},
                                                        {"publishers", measured.publisher_work.count()},
                                                        {"dispatcher", dispatcher.count()}};
    for (const auto& [name, value] : all)
        std::printf("%s=%lld ", name, static_cast<long long>(value));
    std::puts("");
}

} // namespace

int main(int count, char** words) {
    const std::string keys = count == 5 ? words[4] : "";
    const int seconds = count == 5 ? std::atoi(words[2]) : 0;
    const int publishers = count == 5 ? std::atoi(words[3]) : 0;
    if (seconds < 1 || publishers < 1 || (keys != "unique" && keys != "hot")) {
        std::fputs("usage: event_throughput FOLDER SECONDS PUBLISHERS unique|hot\n", stderr);
        return 2;
    }
    try {
        measure(words[1], std::chrono::seconds{seconds}, publishers, keys == "hot");
    } catch (const std::exception& e) {
        std::fprintf(stderr, "event_throughput: %s\n", e.what());
        return 1;
    }
}
