#include <base/clock.hpp>
#include <base/log.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <limits>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace atrium {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream stream{text};
    for (std::string line; std::getline(stream, line);)
        lines.push_back(line);
    return lines;
}

/// The only line that `write` logs, or an empty string if it logs nothing. In the text form, the time at the start of the line
/// is left out.
template <class F>
std::string log_line(const log_settings& settings, F write) {
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

TEST_CASE("a log line in the text form has time, level, component, message and fields") {
    CHECK(log_line({}, [](const logger& log) {
              log.info("connection closed", {{"port", 8000}, {"why", "idle"}, {"clean", true}});
          }) == "info http: connection closed port=8000 why=idle clean=true");
    CHECK(log_line({}, [](const logger& log) { log.named("events").warning("late"); }) == "warning events: late");
}

TEST_CASE("in the text form, values that could be misread are quoted, and a line break in a value is escaped") {
    CHECK(log_line({}, [](const logger& log) {
              log.error("refused", {{"target", "/a b\n\"c\""}, {"empty", ""}, {"eq", "a=b"}});
          }) == R"(error http: refused target="/a b\n\"c\"" empty="" eq="a=b")");
    CHECK(log_line({}, [](const logger& log) { log.info("refused", {{"name", "\xff\xfe"}}); }) ==
          "info http: refused name=\"(not UTF-8)\"");
}

TEST_CASE("a log line in the JSON form is an object, and its numbers are JSON numbers") {
    const auto line = log_line({.format = log_format::json}, [](const logger& log) {
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

TEST_CASE("a number that JSON cannot represent is a text in a log line in the JSON form") {
    const auto line = log_line({.format = log_format::json}, [](const logger& log) {
        log.info("measured", {{"a", std::numeric_limits<double>::quiet_NaN()}, {"b", -std::numeric_limits<float>::infinity()}});
    });
    const auto object = boost::json::parse(line).as_object();
    CHECK(object.at("a") == "nan");
    CHECK(object.at("b") == "-inf");
}

TEST_CASE("characters that control a terminal are escaped in the log") {
    const auto [text, escaped] = GENERATE(table<std::string, std::string>({
        {"\xC2\x9B"
         "31m",
         R"(\u009b31m)"},                            // C1: CSI
        {"a\xC2\x85z", R"(a\u0085z)"},               // C1: NEL
        {"a\x7Fz", R"(a\u007fz)"},                   // DEL
        {"a\xE2\x80\xAEz", R"(a\u202ez)"},           // right-to-left override
        {"a\xE2\x81\xA6z", R"(a\u2066z)"},           // left-to-right isolate
        {"a\xE2\x80\x8Fz", R"(a\u200fz)"},           // right-to-left mark
        {"a\xD8\x9Cz", R"(a\u061cz)"},               // Arabic letter mark
        {"a\xE2\x80\xA8z", R"(a\u2028z)"},           // line separator
        {"a\xEF\xBB\xBFz", R"(a\ufeffz)"},           // invisible
        {"a\xF3\xA0\x81\x81z", R"(a\udb40\udc41z)"}, // invisible, beyond U+FFFF
    }));
    CAPTURE(escaped);
    const auto write = [&message = text](const logger& log) { log.error(message, {{"name", message}}); };
    CHECK(log_line({}, write) == "error http: " + escaped + " name=\"" + escaped + "\"");

    const auto line = log_line({.format = log_format::json}, write);
    CHECK(line.find("\"message\":\"" + escaped + "\",\"name\":\"" + escaped + '"') != std::string::npos);
    CHECK(boost::json::parse(line).at("name").as_string() == text);
}

TEST_CASE("letters of all scripts and emoji are written as they are") {
    const std::string text = "Z\xC3\xBCrich\xE6\x9D\xB1\xE4\xBA\xAC\xD7\xA9\xF0\x9F\x8D\xB5";
    CHECK(log_line({}, [&](const logger& log) { log.error(text, {{"name", text}}); }) ==
          "error http: " + text + " name=" + text);
}

TEST_CASE("a line break in a message is escaped") {
    CHECK(log_line({}, [](const logger& log) { log.error("a\nb\x1b[0m"); }) == R"(error http: a\u000ab\u001b[0m)");
}

TEST_CASE("if a field is set several times, the log line has it once, with the last value") {
    const auto write = [](const logger& log) {
        log.with({{"request_id", "r1"}, {"try", 1}}).with({{"try", 2}}).error("failed", {{"request_id", "r2"}, {"field", "x"}});
    };
    CHECK(log_line({}, write) == "error http: failed try=2 request_id=r2 field=x");
    const auto line = log_line({.format = log_format::json}, write);
    CHECK(line.ends_with(R"("message":"failed","try":2,"request_id":"r2","field":"x"})"));
}

TEST_CASE("a field named time, level, component or message does not replace that part of the log line") {
    const auto write = [](const logger& log) {
        log.error("failed", {{"time", "noon"}, {"level", 3}, {"component", "c"}, {"message", "m"}, {"message", "n"}});
    };
    CHECK(log_line({.format = log_format::json}, write)
              .ends_with(R"("level":"error","component":"http","message":"failed",)"
                         R"("time_":"noon","level_":3,"component_":"c","message_":"n"})"));
    CHECK(log_line({}, write) == "error http: failed time_=noon level_=3 component_=c message_=n");
}

TEST_CASE("lines below the configured log level are not written") {
    CHECK(log_line({}, [](const logger& log) { log.debug("detail"); }).empty());
    CHECK(log_line({.level = log_level::debug}, [](const logger& log) { log.debug("detail"); }) == "debug http: detail");
    CHECK(log_line({.level = log_level::error}, [](const logger& log) { log.warning("late"); }).empty());
    CHECK(log_line({.level = log_level::off}, [](const logger& log) { log.error("broken"); }).empty());

    const logger log{{.level = log_level::warning}, "http"};
    CHECK(log.enabled(log_level::error));
    CHECK_FALSE(log.enabled(log_level::info));
}

TEST_CASE("an announcement is written whatever log level is configured, even off") {
    for (const auto level : {log_level::info, log_level::error, log_level::off})
        CHECK(log_line({.level = level}, [](const logger& log) { log.announce("listening", {{"port", 8000}}); }) ==
              "info http: listening port=8000");
}

TEST_CASE("a logger without an output writes nothing") {
    CHECK(log_line({}, [](const logger&) {
              const logger silent;
              silent.named("x").with({{"a", 1}}).error("broken");
              silent.announce("listening");
              CHECK_FALSE(silent.enabled(log_level::error));
          }).empty());
}

TEST_CASE("lines of several threads do not mix") {
    constexpr int threads = 4;
    constexpr int lines_per_thread = 200;
    const support::captured_stderr capture;
    {
        const logger log{{}, "http"};
        std::vector<std::jthread> writers;
        for (int t = 0; t < threads; ++t)
            writers.emplace_back([log, t] {
                for (int i = 0; i < lines_per_thread; ++i)
                    log.info("line", {{"from", t}, {"filler", std::string(200, static_cast<char>('a' + t))}});
            });
    }
    const auto lines = lines_of(capture.text());
    CHECK(lines.size() == threads * lines_per_thread);
    for (const auto& line : lines) {
        REQUIRE(line.size() > 200);
        const auto filler = line.substr(line.size() - 200);
        REQUIRE(filler.find_first_not_of(filler.front()) == std::string::npos);
    }
}

} // namespace atrium
