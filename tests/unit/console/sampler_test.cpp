#include "sampler.hpp"

#include <events/adapters.hpp>
#include <storage/sqlite/database.hpp>
#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <array>
#include <memory>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

/// A sampler that takes a sample every 10 ms, and the bus and database that it reads.
struct sampler_fixture {
    support::temporary_directory folder;
    system_clock time;
    metrics::registry metrics;
    std::array<storage::schema, 1> schemas{events::journal_schema()};
    storage::sqlite::sqlite_database database{{.path = folder / "test.db"}, schemas, metrics, {}};
    std::unique_ptr<events::durable_bus> bus =
        events::make_in_process_bus({{}, storage::store{database, "events"}, time, metrics, {}});
    history samples{10ms};
    sampler fast_sampler{{samples, metrics, *bus, time, logger{}, 10ms}};

    sampler_fixture() {
        database.migrate();
        database.start({});
    }

    boost::json::array rows() { return boost::json::parse(samples.to_json(0)).at("rows").as_array(); }
};

} // namespace

TEST_CASE("samples are taken until the sampler is stopped") {
    sampler_fixture f;
    f.fast_sampler.start();
    support::eventually([&] { return f.rows().size() >= 3; });
    f.fast_sampler.stop();
    const auto rows = f.rows();
    const auto& last = rows.back().as_array();
    CHECK(last[static_cast<std::size_t>(column::backlog)] == 0);
    CHECK(last[static_cast<std::size_t>(column::dead_letters)] == 0);
    CHECK(last[static_cast<std::size_t>(column::memory)].to_number<double>() > 1'000'000);
    CHECK(last[0].as_int64() > 1'700'000'000);
    CHECK(f.rows().size() == rows.size());
    f.fast_sampler.stop();
}

TEST_CASE("a sample is taken even if the journal cannot be read") {
    sampler_fixture f;
    f.database.close();
    f.fast_sampler.start();
    support::eventually([&] { return !f.rows().empty(); });
    CHECK(f.rows().front().at(static_cast<std::size_t>(column::backlog)).is_null());
}

TEST_CASE("a sampler that waits for its next sample stops immediately") {
    sampler_fixture f;
    history samples{1h};
    sampler slow_sampler{{samples, f.metrics, *f.bus, f.time, logger{}, 1h}};
    slow_sampler.start();
    slow_sampler.stop();
    CHECK(boost::json::parse(samples.to_json(0)).at("rows").as_array().empty());
}

} // namespace atrium::console
