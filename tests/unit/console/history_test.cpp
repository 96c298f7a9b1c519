#include "history.hpp"

#include <support/catch.hpp>

#include <boost/json.hpp>

#include <limits>

namespace atrium::console {
namespace {

using namespace std::chrono_literals;

boost::json::object read(const history& h, std::int64_t after = 0) {
    return boost::json::parse(h.to_json(after)).as_object();
}

sample sample_at(double time) {
    sample s;
    s[column::time] = time;
    return s;
}

} // namespace

TEST_CASE("a history without samples has its columns and no rows") {
    const auto shown = read(history{5s});
    CHECK(shown.at("interval") == 5);
    CHECK(shown.at("columns").as_array().size() == column_names.size());
    CHECK(shown.at("columns").at(0) == "time");
    CHECK(shown.at("columns").at(static_cast<std::size_t>(column::connections)) == "connections");
    CHECK(shown.at("rows").as_array().empty());
    CHECK(shown.at("rates").at("routes").as_object().empty());
}

TEST_CASE("each row of a history has a number for each column, or null if the figure is unknown") {
    history h{5s};
    auto s = sample_at(1'732'900'000);
    s[column::requests] = 12.3456789;
    s[column::p50] = std::numeric_limits<double>::quiet_NaN();
    s[column::wal] = 5'000'000'000;
    h.add(s, {.routes = {{"GET /\"quoted\"", 0.5}}});
    const auto shown = read(h);
    const auto& row = shown.at("rows").at(0).as_array();
    CHECK(row.size() == column_names.size());
    CHECK(row[0] == 1'732'900'000);
    CHECK(row[static_cast<std::size_t>(column::requests)] == 12.345679);
    CHECK(row[static_cast<std::size_t>(column::p50)].is_null());
    CHECK(row[static_cast<std::size_t>(column::wal)] == 5'000'000'000);
    CHECK(shown.at("rates").at("routes").at("GET /\"quoted\"") == 0.5);
}

TEST_CASE("only the rows after a given time can be requested from a history") {
    history h{5s};
    for (int time = 1; time <= 4; ++time)
        h.add(sample_at(time), {});
    const auto rows = read(h, 2).at("rows").as_array();
    REQUIRE(rows.size() == 2);
    CHECK(rows[0].at(0) == 3);
    CHECK(rows[1].at(0) == 4);
    CHECK(read(h, 4).at("rows").as_array().empty());
}

TEST_CASE("a full history drops its oldest samples") {
    history h{5s};
    for (std::size_t time = 1; time <= history::capacity + 10; ++time)
        h.add(sample_at(static_cast<double>(time)), {});
    const auto rows = read(h).at("rows").as_array();
    CHECK(rows.size() == history::capacity);
    CHECK(rows.front().at(0) == 11);
}

} // namespace atrium::console
