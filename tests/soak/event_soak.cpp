#include <base/clock.hpp>
#include <events/adapters.hpp>
#include <metrics/registry.hpp>
#include <storage/sqlite/database.hpp>
#include <support/broken_database.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/run.hpp>
#include <support/temporary_directory.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <future>
#include <iomanip>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// Passes many events through the journal of one process, with retention by count, and compares the state at the end with the
// state at the beginning. The memory, the database file and its write-ahead log must not grow, and reading a page of the
// journal must not take longer.
//
// Environment: ATRIUM_SOAK_EVENTS (default 10,000,000), ATRIUM_SOAK_KEPT (how many events retention keeps, default 20,000, at
// most a tenth of the events), ATRIUM_SOAK_FOLDER (where the database is; default a temporary folder).

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using std::chrono::steady_clock;
using support::eventually;

constexpr int publishers = 8;
constexpr int events_per_write = 25;
constexpr std::int64_t hot_keys = 16;

std::int64_t environment(const char* name, std::int64_t default_value) {
    const char* const value = std::getenv(name);
    return value && *value ? std::stoll(value) : default_value;
}

const std::int64_t count = environment("ATRIUM_SOAK_EVENTS", 10'000'000);
const std::int64_t kept = std::min(environment("ATRIUM_SOAK_KEPT", 20'000), count / 10);

/// Half of the events share a few keys. Each of the others has a key of its own.
std::string key_of(std::int64_t number) {
    return number % 2 == 0 ? "hot/" + std::to_string(number / 2 % hot_keys) : "own/" + std::to_string(number);
}

/// Resident memory of this process in bytes.
std::uint64_t resident_memory() {
    std::ifstream file{"/proc/self/statm"};
    std::uint64_t pages = 0;
    file >> pages >> pages;
    return pages * 4096;
}

std::uint64_t size_of(const std::filesystem::path& file) {
    std::error_code absent;
    const auto size = std::filesystem::file_size(file, absent);
    return absent ? 0 : size;
}

/// The state of the process after a part of the events.
struct sample {
    std::int64_t handled;
    std::uint64_t memory; ///< bytes
    std::uint64_t file;   ///< size of the database file, bytes
    std::uint64_t wal;    ///< largest size of the write-ahead log since the previous sample, bytes
    std::int64_t journal; ///< events in the journal
    double page;          ///< median time to read a page of 100 events, milliseconds
    double rate;          ///< events per second since the previous sample
};

/// A process with the journal and one module, `soak`, which counts events in a table: one row for each hot key, and one row for
/// all others.
class process {
public:
    explicit process(const std::filesystem::path& folder) : file_{folder / "soak.db"} {
        database_.migrate();
        database_.start(support::abort_for_broken_database);
        bus_ = events::make_in_process_bus({settings(), journal_, clock_, metrics_, logger{}});
        bus_->subscribe({.name = "soak.count", .topics = {"soak.made"}},
                        [](storage::transaction& t, const events::event& e) -> result<> {
                            const auto name = e.key.starts_with("hot/") ? e.key : "own";
                            t.execute("INSERT INTO soak_count (name, number, last) VALUES (?1, 1, ?2) ON CONFLICT (name) DO"
                                      " UPDATE SET number = number + 1, disorder = disorder + (excluded.last < last),"
                                      " last = max(last, excluded.last)",
                                      name, e.key.starts_with("hot/") ? e.seq.value : 0);
                            return {};
                        });
        bus_->start();
    }
    ~process() {
        bus_->stop(steady_clock::now() + 10s);
        database_.close();
    }
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    /// Publishes the events from `first` up to, but not including, `end`.
    void publish(std::int64_t first, std::int64_t end) {
        std::atomic<std::int64_t> next = first;
        asio::io_context context{1};
        std::vector<std::future<void>> all;
        for (int i = 0; i < publishers; ++i)
            all.push_back(asio::co_spawn(context, keep_publishing(next, end), asio::use_future));
        context.run();
        for (auto& each : all)
            each.get();
    }

    [[nodiscard]] std::int64_t read_number(const char* owner, const char* sql) {
        return support::run(storage::store{database_, owner}.read(
                                [&](storage::snapshot& s) -> result<std::int64_t> { return s.query_integer(sql).value_or(0); }))
            .value();
    }
    [[nodiscard]] std::int64_t handled() { return read_number("soak", "SELECT sum(number) FROM soak_count"); }
    [[nodiscard]] std::int64_t logged() { return read_number("events", "SELECT count(*) FROM events_log"); }
    [[nodiscard]] std::int64_t pending() { return read_number("events", "SELECT count(*) FROM events_delivery"); }

    /// The median time to read a page of the journal, in milliseconds. The pages are from all parts of the journal.
    [[nodiscard]] double time_of_page() {
        constexpr int pages = 51;
        std::vector<double> times;
        const auto first = read_number("events", "SELECT min(seq) FROM events_log");
        const auto last = read_number("events", "SELECT max(seq) FROM events_log");
        for (int i = 0; i < pages; ++i) {
            const auto after = first + (last - first) * i / pages;
            const auto begin = steady_clock::now();
            const auto rows = support::run(journal_.read([&](storage::snapshot& s) -> result<int> {
                int seen = 0;
                for (auto row = s.query("SELECT seq, id, source, topic, key, priority, time, traceparent, data FROM events_log"
                                        " WHERE seq > ?1 ORDER BY seq LIMIT 100",
                                        after);
                     row.next();)
                    ++seen;
                return seen;
            }));
            REQUIRE(rows.value() > 0);
            times.push_back(std::chrono::duration<double, std::milli>(steady_clock::now() - begin).count());
        }
        std::ranges::nth_element(times, times.begin() + pages / 2);
        return times[pages / 2];
    }

    [[nodiscard]] std::uint64_t size_of_file() const { return size_of(file_); }
    [[nodiscard]] std::uint64_t size_of_wal() const { return size_of(file_.string() + "-wal"); }

private:
    static events::settings settings() {
        events::settings s;
        s.retention = {.age = 24h * 365, .count = kept, .every = 10ms};
        return s;
    }

    static std::vector<storage::schema> schemas() {
        static constexpr storage::migration tables[] = {{1, "0001_count", R"(
            CREATE TABLE soak_count (name TEXT PRIMARY KEY, number INTEGER NOT NULL, last INTEGER NOT NULL,
                                     disorder INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;)"}};
        return {events::journal_schema(), {"soak", tables}};
    }

    awaitable<> keep_publishing(std::atomic<std::int64_t>& next, std::int64_t end) {
        for (auto first = next.fetch_add(events_per_write); first < end; first = next.fetch_add(events_per_write)) {
            const auto written = co_await store_.write([&](storage::transaction& t) -> result<> {
                for (auto number = first; number < std::min(first + events_per_write, end); ++number)
                    bus_->publish(t,
                                  {.topic = "soak.made",
                                   .key = key_of(number),
                                   .data = "{\"number\":" + std::to_string(number) + R"(,"text":"a few words of payload"})"});
                return {};
            });
            if (!written)
                throw std::runtime_error{written.error().detail};
        }
    }

    const std::filesystem::path file_;
    system_clock clock_;
    metrics::registry metrics_;
    storage::sqlite::sqlite_database database_{{.path = file_}, schemas(), metrics_, logger{}};
    storage::store store_{database_, "soak"};
    storage::store journal_{database_, "events"};
    std::unique_ptr<events::durable_bus> bus_;
};

/// Passes events through the process. `pass` publishes the next events up to, but not including, `end`. Then it waits until all
/// are handled and retention has removed the old ones, prints a sample, and returns it.
class run {
public:
    explicit run(process& tested) : tested_{tested} {
        std::cout << "     events   rate/s  RSS MiB  file MiB  max -wal MiB  journal  page ms" << std::endl;
    }

    sample pass(std::int64_t end) {
        const auto begin = steady_clock::now();
        std::uint64_t largest_wal = 0;
        const auto first = published_;
        for (; published_ < end; published_ = std::min(published_ + part, end)) {
            tested_.publish(published_, std::min(published_ + part, end));
            eventually([&] { return tested_.pending() < part; }, 300s);
            largest_wal = std::max(largest_wal, tested_.size_of_wal());
        }
        eventually([&] { return tested_.pending() == 0 && tested_.logged() <= kept; }, 600s);
        const std::chrono::duration<double> elapsed = steady_clock::now() - begin;
        const sample now{.handled = tested_.handled(),
                         .memory = resident_memory(),
                         .file = tested_.size_of_file(),
                         .wal = largest_wal,
                         .journal = tested_.logged(),
                         .page = tested_.time_of_page(),
                         .rate = static_cast<double>(end - first) / elapsed.count()};
        print(now);
        return now;
    }

private:
    static constexpr std::int64_t part = 5'000;

    static void print(const sample& now) {
        const auto mebibytes = [](std::uint64_t bytes) { return static_cast<double>(bytes) / (1024 * 1024); };
        std::cout << std::fixed << std::setprecision(0) << std::setw(11) << now.handled << std::setw(9) << now.rate
                  << std::setprecision(1) << std::setw(9) << mebibytes(now.memory) << std::setw(10) << mebibytes(now.file)
                  << std::setw(14) << mebibytes(now.wal) << std::setw(9) << now.journal << std::setprecision(3) << std::setw(9)
                  << now.page << std::endl;
    }

    process& tested_;
    std::int64_t published_ = 0;
};

} // namespace

TEST_CASE("however many events have passed, memory, database file and write-ahead log do not grow, nor does the time to read a "
          "page") {
    const support::temporary_directory temporary;
    const char* const folder = std::getenv("ATRIUM_SOAK_FOLDER");
    process tested{folder && *folder ? std::filesystem::path{folder} : temporary.path()};
    std::cout << count << " events, of which retention keeps " << kept << std::endl;

    constexpr int sample_count = 10;
    std::vector<sample> samples;
    run soak_run{tested};
    for (int i = 1; i <= sample_count; ++i)
        samples.push_back(soak_run.pass(count * i / sample_count));

    const auto& start = samples.front();
    const auto& end = samples.back();
    constexpr std::uint64_t noise = 8 * 1024 * 1024; // allowed growth of the heap, and of the page cache until it is full
    CHECK(end.handled == count);
    CHECK(tested.read_number("soak", "SELECT sum(disorder) FROM soak_count") == 0);
    CHECK(end.memory <= start.memory + start.memory / 4 + noise);
    CHECK(end.file <= start.file + start.file / 4 + noise);
    CHECK(std::ranges::max(samples, {}, &sample::wal).wal <= storage::sqlite::settings{}.wal_limit);
    CHECK(end.page <= 2 * start.page + 0.5);
}
