#include <base/clock.hpp>
#include <base/log.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace atrium {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        lines.push_back(line);
    return lines;
}

/// The one line that `write` logs, without its time.
template <class F>
std::string logged(const log_settings& settings, F write) {
    const support::captured_stderr capture;
    write(logger{settings, "http"});
    const auto lines = lines_of(capture.text());
    if (lines.empty())
        return {};
    REQUIRE(lines.size() == 1);
    if (settings.format == log_format::json)
        return lines.front();
    REQUIRE(parse_rfc3339(lines.front().substr(0, 24)));
    return lines.front().substr(25);
}

} // namespace

TEST_CASE("a line of text names time, level, component, message and fields") {
    CHECK(logged({}, [](const logger& log) {
              log.info("connection closed", {{"port", 8000}, {"why", "idle"}, {"clean", true}});
          }) == "info http: connection closed port=8000 why=idle clean=true");
    CHECK(logged({}, [](const logger& log) { log.named("events").warning("late"); }) == "warning events: late");
}

TEST_CASE("values that could be misread are quoted, and a line stays one line") {
    CHECK(logged({}, [](const logger& log) {
              log.error("refused", {{"target", "/a b\n\"c\""}, {"empty", ""}, {"eq", "a=b"}});
          }) == R"(error http: refused target="/a b\n\"c\"" empty="" eq="a=b")");
    CHECK(logged({}, [](const logger& log) {
              log.info("refused", {{"name", "\xff\xfe"}});
          }) == "info http: refused name=\"(not UTF-8)\"");
}

TEST_CASE("a line of JSON is an object whose numbers are numbers") {
    const auto line = logged({.format = log_format::json}, [](const logger& log) {
        log.with({{"request_id", "r1"}})
            .info("answered", {{"status", 200}, {"seconds", 0.5}, {"kept", true}, {"path", "/\"\n"}});
    });
    const auto object = boost::json::parse(line).as_object();
    CHECK(parse_rfc3339(object.at("time").as_string()));
    CHECK(object.at("level") == "info");
    CHECK(object.at("component") == "http");
    CHECK(object.at("message") == "answered");
    CHECK(object.at("request_id") == "r1");
    CHECK(object.at("status") == 200);
    CHECK(object.at("seconds") == 0.5);
    CHECK(object.at("kept") == true);
    CHECK(object.at("path") == "/\"\n");
}

TEST_CASE("what is below the level is not written") {
    CHECK(logged({}, [](const logger& log) { log.debug("detail"); }).empty());
    CHECK(logged({.level = log_level::debug}, [](const logger& log) { log.debug("detail"); }) == "debug http: detail");
    CHECK(logged({.level = log_level::error}, [](const logger& log) { log.warning("late"); }).empty());
    CHECK(logged({.level = log_level::off}, [](const logger& log) { log.error("broken"); }).empty());

    const logger log{{.level = log_level::warning}, "http"};
    CHECK(log.enabled(log_level::error));
    CHECK_FALSE(log.enabled(log_level::info));
}

TEST_CASE("an announcement is written at every level") {
    for (const auto level : {log_level::info, log_level::error, log_level::off})
        CHECK(logged({.level = level}, [](const logger& log) {
                  log.announce("listening", {{"port", 8000}});
              }) == "info http: listening port=8000");
}

TEST_CASE("a logger without a sink writes nothing") {
    CHECK(logged({}, [](const logger&) {
              const logger silent;
              silent.named("x").with({{"a", 1}}).error("broken");
              silent.announce("listening");
              CHECK_FALSE(silent.enabled(log_level::error));
          }).empty());
}

TEST_CASE("lines of several threads do not mix") {
    constexpr int threads = 4;
    constexpr int each = 200;
    const support::captured_stderr capture;
    {
        const logger log{{}, "http"};
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t)
            writers.emplace_back([log, t] {
                for (int i = 0; i < each; ++i)
                    log.info("line", {{"from", t}, {"filler", std::string(200, static_cast<char>('a' + t))}});
            });
    }
    const auto lines = lines_of(capture.text());
    CHECK(lines.size() == threads * each);
    for (const auto& line : lines) {
        REQUIRE(line.size() > 200);
        const auto filler = line.substr(line.size() - 200);
        REQUIRE(filler.find_first_not_of(filler.front()) == std::string::npos);
    }
}

} // namespace atrium
