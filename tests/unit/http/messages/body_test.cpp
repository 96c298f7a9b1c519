#include "some_request.hpp"

#include <http/body.hpp>
#include <support/catch.hpp>
#include <support/json.hpp>

#include <boost/json/parse.hpp>

#include <array>

namespace atrium::http {
namespace {

std::string header_of(const response& r, std::string_view name) {
    for (const auto& [field_name, value] : r.headers)
        if (field_name == name)
            return value;
    return {};
}

/// The response to a request: 200 if its body can be read, and otherwise the refusal.
response answer_to(const request& q) {
    const auto read = read_body(q);
    return read ? response{} : problem(q, read.error());
}

int status_of(std::string_view type, std::string_view body) {
    return static_cast<int>(answer_to(some_post(type, body)).status);
}

/// The faults in an order's body as lines "pointer: detail"; the status if the body cannot be read.
std::string faults_of(std::string_view type, std::string_view body) {
    auto reader = read_body(some_post(type, body));
    if (!reader)
        return std::to_string(status_of(type, body));
    (void)reader->required_text("username");
    (void)reader->required_text("product_name");
    (void)reader->integer("quantity", 1, 1'000'000);
    (void)reader->text("status");
    const auto outcome = reader->finish();
    if (outcome)
        return {};
    CHECK(outcome.error().code == errc::invalid);
    std::string lines;
    for (const auto& each : outcome.error().faults)
        lines += each.pointer + ": " + each.detail + "\n";
    return lines;
}

std::string faults_of_json(std::string_view body) {
    return faults_of("application/json", body);
}

std::string faults_of_form(std::string_view body) {
    return faults_of("application/x-www-form-urlencoded", body);
}

/// The fault of an order whose `quantity` is the value `json`; empty if the value is valid.
std::string fault_of_quantity(const std::string& json) {
    const auto faults = faults_of_json(R"({"username":"ann","product_name":"tea","quantity":)" + json + "}");
    constexpr std::string_view prefix = "/quantity: ";
    return faults.starts_with(prefix) ? faults.substr(prefix.size(), faults.size() - prefix.size() - 1) : faults;
}

std::string detail_of(std::string_view type, std::string_view body) {
    const auto answer = answer_to(some_post(type, body));
    REQUIRE(answer.status != status::ok);
    return std::string{boost::json::parse(answer.body).at("detail").as_string()};
}

} // namespace

TEST_CASE("the fields of a JSON body are read by name") {
    auto reader = read_body(some_post("application/json", R"( {"username":"a\u00e9\ud83d\ude00\n","quantity":3.0} )"));
    REQUIRE(reader.has_value());
    CHECK(reader->has("username"));
    CHECK_FALSE(reader->has("status"));
    CHECK(reader->required_text("username") == "a\xC3\xA9\xF0\x9F\x98\x80\n");
    CHECK(reader->integer("quantity", 1, 10) == 3);
    CHECK(reader->text("status") == std::nullopt);
    CHECK(reader->integer("other", 1, 10) == std::nullopt);
    CHECK(reader->finish());
}

TEST_CASE("the fields of a form are read by name and decoded once") {
    auto reader =
        read_body(some_post("application/x-www-form-urlencoded", "username=a+b%2B%2541%C3%A9&quantity=12&empty=&lone"));
    REQUIRE(reader.has_value());
    CHECK(reader->required_text("username") == "a b+%41\xC3\xA9");
    CHECK(reader->integer("quantity", 1, 100) == 12);
    CHECK(reader->text("empty") == "");
    CHECK(reader->text("lone") == "");
    CHECK(reader->finish());
}

TEST_CASE("all faults of a body are listed in the order of its fields, followed by the missing fields") {
    CHECK(faults_of_json(R"({"zebra":1,"quantity":0,"product_name":7,"zebra":2,"a/b~c":[]})") ==
          "/zebra: is not a known field\n/quantity: must be between 1 and 1000000\n/product_name: must be a string\n"
          "/a~1b~0c: is not a known field\n/username: is required\n");
    CHECK(faults_of_json("{}") == "/username: is required\n/product_name: is required\n");
    CHECK(faults_of_form("quantity=x&color=red&product_name=tea") ==
          "/quantity: must be an integer\n/color: is not a known field\n/username: is required\n");
}

TEST_CASE("a repeated field is a fault whatever its values") {
    CHECK(faults_of_json(R"({"username":"ann","product_name":"tea","username":"ann"})") ==
          "/username: appears more than once\n");
    CHECK(faults_of_json(R"({"username":"ann","product_name":"tea","u\u0073ername":null})") ==
          "/username: appears more than once\n");
    CHECK(faults_of_form("username=ann&product_name=tea&username=bob&username=c") == "/username: appears more than once\n");
}

TEST_CASE("a text field must contain text") {
    const auto faults_for = [](const std::string& json) {
        return faults_of_json(R"({"product_name":"tea","username":)" + json + "}");
    };
    CHECK(faults_for("null") == "/username: must not be null\n");
    CHECK(faults_for("1") == "/username: must be a string\n");
    CHECK(faults_for("true") == "/username: must be a string\n");
    CHECK(faults_for(R"(["ann"])") == "/username: must be a string\n");
    CHECK(faults_for(R"({"username":"ann"})") == "/username: must be a string\n");
    CHECK(faults_for(R"("a\u0000b")") == "/username: must not contain the character U+0000\n");
    CHECK(faults_of_form("product_name=tea&username=a%00") == "/username: must not contain the character U+0000\n");
    CHECK(faults_of_json(R"({"username":"ann","product_name":"tea","status":null})") == "/status: must not be null\n");
}

TEST_CASE("an integer field must contain an integer within its range") {
    for (const auto* good : {"1", "1000000"})
        CHECK(fault_of_quantity(good).empty());
    for (const auto* bad : {"1.5", "\"1\"", "true", "[1]", "{}"}) {
        CAPTURE(bad);
        CHECK(fault_of_quantity(bad) == "must be an integer");
    }
    CHECK(fault_of_quantity("null") == "must not be null");
    for (const auto* number : {"0", "-1", "1000001", "9223372036854775807", "9223372036854775808", "-9223372036854775809",
                               "18446744073709551616", "1e19", "1e300", "-1e300", "123456789012345678901234567890", "-0"}) {
        CAPTURE(number);
        CHECK(fault_of_quantity(number) == "must be between 1 and 1000000");
    }
}

// RFC 8259 has numbers but no integers, so only the value matters, not its notation.
TEST_CASE("a JSON number is an integer by its value, in any notation") {
    for (const auto* number : {"1", "1.0", "1e0", "1E+0", "10e-1", "0.1e1", "1.000000000000000000000000000000",
                               "100000000000e-11", "0.00000000000000000001e20", "1e-0"}) {
        CAPTURE(number);
        CHECK(fault_of_quantity(number).empty());
    }
    for (const auto* number : {"1.0000000000000000001", "0.9999999999999999999", "1e-400", "10e-2", "1.5e0",
                               "1000000.0000000001", "9223372036854775807.5", "-0.1", "1e-2147483000"}) {
        CAPTURE(number);
        CHECK(fault_of_quantity(number) == "must be an integer");
    }
    for (const auto* number : {"1000001.0", "1000000.1e10", "-1.0", "0e5", "0.0", "-0.0e-5", "9223372036854775807.0",
                               "9223372036854775808.0", "1e2147483000"}) {
        CAPTURE(number);
        CHECK(fault_of_quantity(number) == "must be between 1 and 1000000");
    }
    CHECK(fault_of_quantity("1" + std::string(100'000, '0') + "e-100000").empty());
    CHECK(fault_of_quantity("1." + std::string(100'000, '0') + "1") == "must be an integer");
}

TEST_CASE("a JSON number with a huge exponent is refused, and the error states the reason") {
    CHECK(fault_of_quantity("1e999") == "must be between 1 and 1000000");
    for (const auto* number : {"1e99999999999999999999", "1e-99999999999999999999", "0e999999999999"}) {
        if (support::reads_huge_exponents()) {
            CHECK_THAT(fault_of_quantity(number), Catch::Matchers::Equals("must be between 1 and 1000000") ||
                                                      Catch::Matchers::Equals("must be an integer"));
            continue;
        }
        const auto detail = detail_of("application/json", R"({"quantity": )" + std::string{number} + "}");
        CHECK_THAT(detail,
                   Catch::Matchers::StartsWith("the body cannot be read as JSON: a number's exponent is too large, at byte "));
    }
}

TEST_CASE("an integer in a form consists of decimal digits and an optional minus sign") {
    const auto faults_for = [](const std::string& text) {
        return faults_of_form("username=ann&product_name=tea&quantity=" + text);
    };
    CHECK(faults_for("7").empty());
    CHECK(faults_for("007").empty());
    CHECK(faults_for("+") == "/quantity: must be an integer\n"); // '+' means a space, so the field is not empty
    CHECK(faults_for("1.0") == "/quantity: must be an integer\n");
    CHECK(faults_for("1e3") == "/quantity: must be an integer\n");
    CHECK(faults_for("%2B1") == "/quantity: must be an integer\n");
    CHECK(faults_for("+1") == "/quantity: must be an integer\n");
    CHECK(faults_for("-1") == "/quantity: must be between 1 and 1000000\n");
    CHECK(faults_for("99999999999999999999") == "/quantity: must be between 1 and 1000000\n");
}

TEST_CASE("an empty field of a form counts as absent, unless it is a text field") {
    constexpr std::array<std::string_view, 1> words{"red"};
    auto reader = read_body(
        some_post("application/x-www-form-urlencoded", "username=&quantity=&status=&size&note=&color=red&price=&price=1"));
    REQUIRE(reader.has_value());
    CHECK(reader->required_text("username").empty());
    CHECK(reader->integer("quantity", 1, 10) == std::nullopt);
    CHECK(reader->choice("status", words, "must be a word") == std::nullopt);
    CHECK(reader->integer("size", 1, 10) == std::nullopt);
    CHECK(reader->text("note") == "");
    CHECK(reader->choice("color", words, "must be a word") == 0);
    CHECK(reader->integer("price", 1, 10) == std::nullopt);
    const auto outcome = reader->finish();
    REQUIRE_FALSE(outcome);
    REQUIRE(outcome.error().faults.size() == 1);
    CHECK(outcome.error().faults[0].pointer == "/price");
    CHECK(outcome.error().faults[0].detail == "appears more than once");
}

TEST_CASE("an empty string in JSON does not count as absent") {
    auto reader = read_body(some_post("application/json", R"({"quantity":"","status":""})"));
    REQUIRE(reader.has_value());
    CHECK(reader->integer("quantity", 1, 10) == std::nullopt);
    CHECK(reader->choice("status", std::array<std::string_view, 1>{"red"}, "must be red") == std::nullopt);
    const auto outcome = reader->finish();
    REQUIRE_FALSE(outcome);
    REQUIRE(outcome.error().faults.size() == 2);
    CHECK(outcome.error().faults[0].detail == "must be an integer");
    CHECK(outcome.error().faults[1].detail == "must be red");
}

TEST_CASE("content types are compared without regard to case, and their charset must be UTF-8") {
    for (const auto* good : {"application/json", "Application/JSON", "application/json;charset=utf-8",
                             "application/json ; Charset=\"UTF-8\"", "application/json;"}) {
        CAPTURE(good);
        CHECK(status_of(good, "{}") == 200);
    }
    for (const auto* bad :
         {"", "json", "text/plain", "application/jsonx", "application/json; charset=latin1", "application/json x",
          "application/json; version=1", "application/json; charset=utf-8; charset=utf-8", "application/json, application/json",
          "multipart/mixed; boundary=x", "application/json; charset"}) {
        CAPTURE(bad);
        CHECK(status_of(bad, "{}") == 415);
    }
    CHECK(status_of("application/x-www-form-urlencoded; charset=UTF-8", "a=b") == 200);
}

TEST_CASE("a body that is compressed or does not have exactly one content type gets 415 with the supported types") {
    request q{.method = verb::patch, .body = "{}"};
    auto answer = answer_to(q);
    CHECK(answer.status == status::unsupported_media_type);
    CHECK(header_of(answer, "Accept") == "application/json, application/x-www-form-urlencoded, multipart/form-data");
    CHECK(header_of(answer, "Accept-Patch") == "application/json, application/x-www-form-urlencoded, multipart/form-data");
    CHECK(header_of(answer, "Accept-Post").empty());

    q.headers.add({"Content-Type", "application/json"});
    q.headers.add({"Content-Type", "application/json"});
    CHECK(answer_to(q).status == status::unsupported_media_type);

    auto packed = some_post("application/json", "{}");
    packed.headers.add({"Content-Encoding", "gzip"});
    answer = answer_to(packed);
    CHECK(answer.status == status::unsupported_media_type);
    CHECK(header_of(answer, "Accept-Encoding") == "identity");
    CHECK(header_of(answer, "Accept-Post") == "application/json, application/x-www-form-urlencoded, multipart/form-data");
}

TEST_CASE("an empty body is malformed") {
    CHECK(status_of("application/json", "") == 400);
    CHECK(status_of("application/json", "  \n") == 400);
    CHECK(status_of("application/x-www-form-urlencoded", "") == 400);
    CHECK(detail_of("application/json", "") == "a body is required");
}

TEST_CASE("malformed JSON is refused with the position of the error") {
    for (const auto* bad :
         {"{", "{\"a\":1", "{\"a\":1}}", "{\"a\":1} x", "{'a':1}", "{\"a\":01}", "{\"a\":1,}", "{\"a\":NaN}",
          "{\"a\":\"\x01\"}", "{\"a\":\"\\x\"}", "{\"a\":\"\\ud800\"}", "// c\n{}", "\xEF\xBB\xBF{}", "{\"a\" 1}"}) {
        CAPTURE(bad);
        CHECK(status_of("application/json", bad) == 400);
    }
    CHECK(detail_of("application/json", R"({"username": ann})") == "the body cannot be read as JSON: syntax error, at byte 14");
    CHECK(detail_of("application/json", R"({} {})") ==
          "the body cannot be read as JSON: more text follows after its end, at byte 4");
    CHECK(detail_of("application/json", R"({"a")") == "the body cannot be read as JSON: it ends too early");
}

TEST_CASE("a body with invalid UTF-8 or an invalid percent-escape is malformed") {
    CHECK(detail_of("application/json", "{\"username\":\"\xff\"}") == "the body is not valid UTF-8");
    CHECK(status_of("application/json", "{\"\xc0\x80\":1}") == 400);
    CHECK(detail_of("application/x-www-form-urlencoded", "username=%ff") == "the form is not valid UTF-8");
    CHECK(detail_of("application/x-www-form-urlencoded", "username=%zz") == "the form has an invalid percent-escape");
    CHECK(status_of("application/x-www-form-urlencoded", "username=%4") == 400);
    CHECK(status_of("application/x-www-form-urlencoded", "%=x") == 400);
}

TEST_CASE("a JSON body that is not an object is refused with one error for the whole body") {
    for (const auto* body : {"[]", "[{\"username\":\"ann\"}]", "\"text\"", "1", "null", "true", "[[{\"a\":1}]]"}) {
        CAPTURE(body);
        const auto answer = answer_to(some_post("application/json", body));
        CHECK(answer.status == status::unprocessable_entity);
        CHECK(boost::json::parse(answer.body).at("errors") ==
              boost::json::parse(R"([{"pointer":"","detail":"must be an object"}])"));
    }
}

TEST_CASE("the nesting of a JSON body is limited") {
    const auto nested = [](std::size_t depth) { return "{\"a\":" + std::string(depth, '[') + std::string(depth, ']') + "}"; };
    CHECK(faults_of_json(nested(10)) == "/a: is not a known field\n/username: is required\n/product_name: is required\n");
    CHECK(detail_of("application/json", nested(100'000)).find("it is nested too deeply") != std::string::npos);
}

TEST_CASE("the number of fields of a JSON body or a form is limited") {
    std::string json = "{";
    std::string form;
    for (int i = 0; i < 50'000; ++i) {
        json += (i ? ",\"f" : "\"f") + std::to_string(i % 40'000) + "\":1";
        form += "f" + std::to_string(i % 40'000) + "=1&";
    }
    json += "}";
    CHECK(faults_of_json(json) == "422");
    CHECK(faults_of_form(form) == "422");
    CHECK(status_of("application/json", json + "}") == 400); // malformed JSON is reported instead of the number of fields
}

TEST_CASE("an error added by a caller does not replace an earlier one of the same field") {
    auto reader = read_body(some_post("application/json", R"({"username":1,"email":"x"})"));
    REQUIRE(reader.has_value());
    (void)reader->required_text("username");
    (void)reader->required_text("email");
    reader->add_error("username", "must be shorter");
    reader->add_error("email", "must be an email address");
    reader->add_error("email", "must be another");

    const auto outcome = reader->finish();
    REQUIRE_FALSE(outcome);
    REQUIRE(outcome.error().faults.size() == 2);
    CHECK(outcome.error().faults[0].detail == "must be a string");
    CHECK(outcome.error().faults[1].detail == "must be an email address");
    CHECK(outcome.error().detail == "2 fields are invalid");
}

} // namespace atrium::http
