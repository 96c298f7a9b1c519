#include "space.hpp"

#include <base/timer.hpp>
#include <base/unknown_outcome.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/run.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <exception>
#include <span>
#include <stdexcept>

using namespace atrium;
using namespace atrium::graphql;
using space::world;

namespace {

/// The response to a selection of fields of the object `broken`, whose fields fail in different ways.
std::string broken(const std::string& selection) {
    return world{}.ask("{ broken { " + selection + " } }");
}

std::string errors_of(const std::string& response) {
    const auto begin = response.find('[');
    return response.substr(begin, response.find("],\"data\"") + 1 - begin);
}

} // namespace

TEST_CASE("an error is reported with its location and path, and its field is null") {
    CHECK(broken("fine error") ==
          R"({"errors":[{"message":"taken","locations":[{"line":1,"column":17}],"path":["broken","error"],)"
          R"("extensions":{"code":"CONFLICT"}}],"data":{"broken":{"fine":1,"error":null}}})");
}

TEST_CASE("an error has the locations of all fields that are merged because they have the same response key") {
    CHECK(errors_of(broken("error ... on Broken { error }")) ==
          R"([{"message":"taken","locations":[{"line":1,"column":12},{"line":1,"column":34}],"path":["broken","error"],)"
          R"("extensions":{"code":"CONFLICT"}}])");
}

TEST_CASE("errors that a resolver finds in its input are reported with their JSON pointers") {
    CHECK(errors_of(broken("faulty")).find(R"("extensions":{"code":"INVALID","errors":[{"pointer":"/stars","detail":)") !=
          std::string::npos);
}

TEST_CASE("a missing non-null value makes the nearest nullable value null") {
    CHECK(broken("fine nullInNonNull") ==
          R"({"errors":[{"message":"Cannot return null for non-nullable field Broken.nullInNonNull.",)"
          R"("locations":[{"line":1,"column":17}],"path":["broken","nullInNonNull"],)"
          R"("extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"broken":null}})");
    CHECK(broken("child { nonNullChild { fine errorInNonNull } } fine")
              .ends_with(R"("data":{"broken":{"child":null,"fine":1}}})"));
    CHECK(broken("children { errorInNonNull }").ends_with(R"("data":{"broken":{"children":[null,null]}}})"));
    CHECK(
        broken("nonNullChildren { errorInNonNull } fine").ends_with(R"("data":{"broken":{"nonNullChildren":null,"fine":1}}})"));
    CHECK(broken("list listOfNonNull").ends_with(R"("data":{"broken":{"list":[1,null,3,null],"listOfNonNull":null}}})"));
    CHECK(broken("lists").ends_with(R"("data":{"broken":{"lists":[null,[]]}}})"));
    CHECK(broken("nonNullListOfNonNull").ends_with(R"("data":{"broken":null}})"));
    CHECK(world{}.ask("{ eras nonNullBroken { errorInNonNull } }").ends_with(R"("data":null})"));
}

TEST_CASE(
    "if an error makes an object null, the errors of its earlier fields are still reported, and its later fields are skipped") {
    CHECK(
        errors_of(broken("error listOfNonNull nullInNonNull throws list")) ==
        R"([{"message":"taken","locations":[{"line":1,"column":12}],"path":["broken","error"],"extensions":{"code":"CONFLICT"}},)"
        R"({"message":"no two","locations":[{"line":1,"column":18}],"path":["broken","listOfNonNull",1],)"
        R"("extensions":{"code":"NOT_FOUND"}},)"
        R"({"message":"Cannot return null for non-nullable field Broken.nullInNonNull.",)"
        R"("locations":[{"line":1,"column":32}],"path":["broken","nullInNonNull"],)"
        R"("extensions":{"code":"INTERNAL_SERVER_ERROR"}}])");
}

TEST_CASE("numbers outside of the range of their types are errors") {
    CHECK(errors_of(broken("big")).find("Int cannot represent non 32-bit signed integer value: 5000000000") !=
          std::string::npos);
    CHECK(errors_of(broken("infinite")).find("Float cannot represent non numeric value: Infinity") != std::string::npos);
    CHECK(errors_of(broken("nan")).find("Float cannot represent non numeric value: NaN") != std::string::npos);
}

TEST_CASE("an exception is an internal error for the client, and its text is only logged") {
    world w;
    support::captured_stderr captured;
    const auto ready = w.sample_engine.prepare({.query = "{ broken { throws throwsLater } }"});
    REQUIRE(ready.has_value());
    const context c{"request-7", {}, logger{log_settings{}, "graphql"}};
    const auto answer = support::run(w.sample_engine.execute(*ready, c));
    CHECK(answer.body ==
          R"({"errors":[{"message":"internal error","locations":[{"line":1,"column":12}],"path":["broken","throws"],)"
          R"("extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"request-7"}},)"
          R"({"message":"internal error","locations":[{"line":1,"column":19}],"path":["broken","throwsLater"],)"
          R"("extensions":{"code":"INTERNAL_SERVER_ERROR","requestId":"request-7"}}],"data":{"broken":null}})");
    CHECK(answer.has_errors);
    CHECK(answer.has_data);
    c.log.flush(std::chrono::seconds{60});
    const auto log = captured.text();
    CHECK(log.find("SELECT secret") != std::string::npos);
    CHECK(log.find("Broken.throwsLater") != std::string::npos);
    CHECK(log.find("request-7") != std::string::npos);
}

TEST_CASE("a field whose entity key has no row is null, or an error if the field is non-null") {
    world w;
    CHECK(w.ask("{ character(type: \"Robot\", id: 2) { friends { name } } }") ==
          R"({"data":{"character":{"friends":[{"name":"Rust"},null]}}})");
    CHECK(w.ask("{ character(type: \"Robot\", id: 2) { name ... on Robot { maker { name } } } }") ==
          R"({"errors":[{"message":"Cannot return null for non-nullable field Robot.maker.",)"
          R"("locations":[{"line":1,"column":57}],"path":["character","maker"],)"
          R"("extensions":{"code":"INTERNAL_SERVER_ERROR"}}],"data":{"character":null}})");
}

TEST_CASE("if a variable makes an argument invalid, the error is reported for the field of the argument") {
    world w;
    const auto answer =
        w.ask("query($what: Int = 3) { broken { children { needs(what: $what) four: needs(what: 4) } } }", {{"what", nullptr}});
    const std::string error_prefix = R"({"message":"Argument \"what\" of non-null type \"Int!\" must not be null.",)"
                                     R"("locations":[{"line":1,"column":57}],"path":["broken","children",)";
    CHECK(answer == R"({"errors":[)" + error_prefix + R"(0,"needs"],"extensions":{"code":"BAD_USER_INPUT"}},)" + error_prefix +
                        R"(1,"needs"],"extensions":{"code":"BAD_USER_INPUT"}}],)"
                        R"("data":{"broken":{"children":[{"needs":null,"four":4},{"needs":null,"four":4}]}}})");
}

TEST_CASE("if the condition of @skip is null, the error belongs to the object that contains the field") {
    world w;
    CHECK(w.ask("query($if: Boolean = true) { eras human(id: 1) { name @skip(if: $if) } }", {{"if", nullptr}}) ==
          R"({"errors":[{"message":"Argument \"if\" of non-null type \"Boolean!\" must not be null.",)"
          R"("locations":[{"line":1,"column":65}],"path":["human"],"extensions":{"code":"BAD_USER_INPUT"}}],)"
          R"("data":{"eras":["FUTURE"],"human":null}})");
    CHECK(w.ask("query($if: Boolean = true) { eras @skip(if: $if) }", {{"if", nullptr}}) ==
          R"({"errors":[{"message":"Argument \"if\" of non-null type \"Boolean!\" must not be null.",)"
          R"("locations":[{"line":1,"column":45}],"extensions":{"code":"BAD_USER_INPUT"}}],"data":null})");
}

namespace {

struct row {
    int number = 0;
};
struct disk_full final : std::runtime_error, temporary {
    disk_full() : runtime_error{"disk full"} {}
};

std::string ask_for_rows(schema_builder b, std::string query) {
    return space::ask(engine{std::move(b).build()}, {std::move(query)});
}

schema_builder declare_two_rows() {
    schema_builder b;
    b.query().root("rows: [Row!]!", [] { return std::vector{row{1}, row{2}}; });
    return b;
}

} // namespace

TEST_CASE("an error that a resolver returns for all rows is reported for each of them") {
    auto b = declare_two_rows();
    b.object<row>("Row").batch("x: Int", [](std::span<const row>) -> awaitable<result<column<int>>> {
        co_return error{.code = errc::unavailable, .detail = "not now", .retry_after = std::chrono::seconds{3}};
    });
    CHECK(
        ask_for_rows(std::move(b), "{ rows { x } }") ==
        R"({"errors":[{"message":"not now","locations":[{"line":1,"column":10}],"path":["rows",0,"x"],)"
        R"("extensions":{"code":"UNAVAILABLE","retryAfter":3}},{"message":"not now","locations":[{"line":1,"column":10}],)"
        R"("path":["rows",1,"x"],"extensions":{"code":"UNAVAILABLE","retryAfter":3}}],"data":{"rows":[{"x":null},{"x":null}]}})");
}

TEST_CASE("if there are very many errors, only the first ones are reported, and the others are counted") {
    schema_builder b;
    b.query().root("rows: [Row!]!", [] { return std::vector<row>(5'000); });
    b.object<row>("Row").row(
        "x: Int", [](const row&) -> result<int> { return error{.code = errc::not_found, .detail = "There is no x."}; });
    const engine e{std::move(b).build()};
    const auto answer = boost::json::parse(space::ask(e, {"{ rows { x " + std::string(200, 'k') + ": x } }"})).as_object();
    CHECK(answer.at("data").at("rows").as_array().size() == 5'000);
    const auto& errors = answer.at("errors").as_array();
    CHECK(errors.size() > 500);
    CHECK(boost::json::serialize(errors).size() < 263'000);
    CHECK(boost::json::serialize(errors.back()) == R"({"message":")" + std::to_string(10'000 - (errors.size() - 1)) +
                                                       R"( more errors are left out.",)"
                                                       R"("extensions":{"code":"ERRORS_LEFT_OUT"}})");
}

TEST_CASE("a response stays short even if each error has very many locations") {
    schema_builder b;
    b.query().root("rows: [Row!]!", [] { return std::vector<row>(1'000); });
    b.object<row>("Row").row(
        "x: Int", [](const row&) -> result<int> { return error{.code = errc::not_found, .detail = "There is no x."}; });
    std::string document = "{ rows {";
    for (int i = 0; i < 200; ++i)
        document += " x";
    CHECK(space::ask(engine{std::move(b).build()}, {document + "} }"}).size() < 300'000);
}

TEST_CASE("an exception after which a retry may succeed is reported as temporary") {
    auto b = declare_two_rows();
    b.object<row>("Row").row("x: Int", [](const row&) -> int { throw disk_full{}; });
    const auto answer = ask_for_rows(std::move(b), "{ rows { x } }");
    CHECK(answer.find(R"("code":"UNAVAILABLE")") != std::string::npos);
    CHECK(answer.find("disk full") == std::string::npos);
}

TEST_CASE("if it is unknown whether a change was stored, the error message says so") {
    struct lost_commit final : std::runtime_error, unknown_outcome {
        lost_commit() : runtime_error{"the file went away"} {}
    };
    auto b = declare_two_rows();
    b.object<row>("Row").row("x: Int", [](const row&) -> int { throw lost_commit{}; });
    const auto answer = ask_for_rows(std::move(b), "{ rows { x } }");
    CHECK(answer.find(R"("message":"It is not known whether the change was kept)") != std::string::npos);
    CHECK(answer.find(R"("code":"INTERNAL_SERVER_ERROR")") != std::string::npos);
    CHECK(answer.find("the file went away") == std::string::npos);
}

TEST_CASE("a resolver that omits a row causes an internal error") {
    auto b = declare_two_rows();
    b.object<row>("Row").batch("x: Int", [](std::span<const row>) -> awaitable<column<int>> { co_return column<int>{}; });
    const auto answer = ask_for_rows(std::move(b), "{ rows { x } }");
    CHECK(answer.find(R"("message":"internal error")") != std::string::npos);
    CHECK(answer.ends_with(R"("data":{"rows":[{"x":null},{"x":null}]}})"));
}

TEST_CASE("a loader that fails causes errors only in the fields that need its rows") {
    auto b = declare_two_rows();
    auto r = b.object<row>("Row");
    r.field("self: Row", &row::number);
    r.field("number: Int!", &row::number);
    r.key(&row::number, [](std::span<const int>) -> awaitable<column<row>> {
        throw std::runtime_error{"gone"};
        co_return column<row>{};
    });
    CHECK(ask_for_rows(std::move(b), "{ rows { number self { number } } }")
              .ends_with(R"("data":{"rows":[{"number":1,"self":null},{"number":2,"self":null}]}})"));
}

TEST_CASE("a cancelled request ends with an exception and without a response") {
    asio::cancellation_signal stop;
    schema_builder b;
    b.query().root("forever: Int", [&]() -> awaitable<int> {
        steady_timer never{co_await asio::this_coro::executor, std::chrono::hours{1}};
        asio::post(never.get_executor(), [&] { stop.emit(asio::cancellation_type::terminal); });
        co_await never.async_wait(use_awaitable);
        co_return 1;
    });
    const engine e{std::move(b).build()};

    asio::io_context io{1};
    std::exception_ptr failure;
    asio::co_spawn(
        io, e.execute(e.prepare({.query = "{ forever }"}).value(), context{}),
        asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr thrown, const response&) { failure = thrown; }));
    io.run();
    REQUIRE(failure);
    CHECK_THROWS_WITH(std::rethrow_exception(failure), Catch::Matchers::ContainsSubstring("canceled"));
}
