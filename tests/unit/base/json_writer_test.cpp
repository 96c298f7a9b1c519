#include <base/json_writer.hpp>
#include <support/catch.hpp>

#include <boost/json/parse.hpp>

#include <cstdint>
#include <limits>

namespace atrium {
namespace {

std::string write_string(std::string_view text) {
    std::string out;
    json_writer{out}.value(text);
    return out;
}

} // namespace

TEST_CASE("commas are written between members and between elements") {
    std::string out;
    json_writer w{out};
    w.begin_object().key("a").value(1).key("b").begin_array().value("x").value(true).null().begin_object().end_object();
    w.begin_array().end_array().end_array().key("c").begin_object().key("d").value(false).end_object().key("e").raw("[1]");
    w.end_object();
    CHECK(out == R"({"a":1,"b":["x",true,null,{},[]],"c":{"d":false},"e":[1]})");
}

TEST_CASE("a JSON writer appends to the text that its string already contains") {
    std::string out = "data: ";
    json_writer{out}.begin_array().value(1).value(2).end_array();
    CHECK(out == "data: [1,2]");
}

TEST_CASE("only the characters that RFC 8259 requires are escaped in strings") {
    CHECK(write_string("") == R"("")");
    CHECK(write_string("a\"b\\c/d") == R"("a\"b\\c/d")");
    CHECK(write_string("\b\f\n\r\t") == R"("\b\f\n\r\t")");
    CHECK(write_string(std::string_view{"\0\x1f", 2}) == R"("\u0000\u001f")");
    CHECK(write_string("\x7f\xC3\xA9\xF0\x9F\x98\x80") == "\"\x7f\xC3\xA9\xF0\x9F\x98\x80\"");

    std::string all;
    for (char c = 0; c >= 0 && c < 127; ++c)
        all.push_back(c);
    CHECK(boost::json::parse(write_string(all)).as_string() == all);
}

TEST_CASE("every byte is escaped if necessary, wherever it is in a string of any length") {
    for (std::size_t size = 1; size <= 20; ++size)
        for (std::size_t position = 0; position < size; ++position)
            for (unsigned byte = 0; byte < 0x80; ++byte) {
                std::string text(size, 'x');
                text[position] = static_cast<char>(byte);
                const bool needs_escape = byte < 0x20 || byte == '"' || byte == '\\';
                INFO("byte " << byte << " at " << position << " of " << size);
                REQUIRE((write_string(text).size() > size + 2) == needs_escape);
                REQUIRE(boost::json::parse(write_string(text)).as_string() == text);
            }
    for (const std::string_view text :
         {"aaaa\xC3\xA9z", "\xF0\x9F\x98\x80 and more", "1234567\xC2\x80", "\xEF\xBF\xBF\xF4\x8F\xBF\xBF."})
        CHECK(write_string(text) == '"' + std::string{text} + '"');
}

TEST_CASE("a time is written in full, whatever time was written before it") {
    using namespace std::chrono_literals;
    std::string out;
    json_writer w{out};
    const timestamp midnight{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    for (const auto when :
         {midnight + 12h, midnight + 12h, midnight, midnight + 24h - 1ms, midnight + 24h, midnight - 1ms, midnight,
          midnight - 24h * 365, midnight + 7ms, timestamp{}, timestamp{} - 1ms, timestamp{}, midnight + 1h + 2min + 3s + 4ms}) {
        out.clear();
        w.key("at").value(when);
        CHECK(out.ends_with("\"at\":\"" + to_rfc3339(when) + '"'));
    }
}

TEST_CASE("key and raw_key write names without escaping") {
    std::string out;
    json_writer{out}.begin_object().key("").value(1).raw_key(rendered_key("b c")).value(2).key("a\\n").value(3).end_object();
    CHECK(out == R"({"":1,"b c":2,"a\n":3})");

    out.clear();
    json_writer{out}.begin_object().raw_key(rendered_key("a")).begin_object().raw_key(rendered_key("b")).value(1).end_object();
    CHECK(out == R"({"a":{"b":1})");
}

TEST_CASE("escaped_key escapes names") {
    std::string out;
    json_writer{out}.begin_object().escaped_key("a\"\n").value(1).end_object();
    CHECK(out == R"({"a\"\n":1})");
}

TEST_CASE("numbers keep their value") {
    std::string out;
    json_writer w{out};
    w.begin_array().value(std::numeric_limits<std::int64_t>::min()).value(std::numeric_limits<std::int64_t>::max());
    w.value(0.1).value(1e300).value(-2.5).end_array();
    CHECK(out == "[-9223372036854775808,9223372036854775807,0.1,1e+300,-2.5]");
}

TEST_CASE("infinities and NaN are written as null") {
    std::string out;
    json_writer w{out};
    w.begin_array().value(std::numeric_limits<double>::infinity()).value(std::numeric_limits<double>::quiet_NaN()).end_array();
    CHECK(out == "[null,null]");
}

TEST_CASE("a timestamp is written as a string") {
    std::string out;
    json_writer{out}.begin_object().key("at").value(timestamp{}).end_object();
    CHECK(out == R"({"at":"1970-01-01T00:00:00.000Z"})");
}

} // namespace atrium
