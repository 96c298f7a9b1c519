// Tests of every message of graphql-transport-ws, and of invalid ones.
#include "test_endpoint.hpp"
#include "transport_message.hpp"

#include <support/catch.hpp>
#include <support/json.hpp>
#include <support/run.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>

using namespace atrium;
using namespace atrium::graphql_http;
using atrium::graphql_http::test::nested;

namespace {

template <class Message>
Message read(std::string_view text) {
    auto message = support::run(read_message(text));
    REQUIRE(message);
    REQUIRE(std::holds_alternative<Message>(*message));
    return std::get<Message>(*std::move(message));
}

std::string fault_of(std::string_view text) {
    const auto message = support::run(read_message(text));
    REQUIRE_FALSE(message);
    CHECK(message.error().code == errc::malformed);
    return message.error().detail;
}

std::string fault_of_payload(std::string_view payload) {
    return fault_of(R"({"type":"subscribe","id":"1","payload":)" + std::string{payload} + "}");
}

} // namespace

TEST_CASE("connection_init is read, with or without a payload") {
    for (const auto* text : {R"({"type":"connection_init"})", R"({"type":"connection_init","payload":null})",
                             R"({"payload":{"token":"x"},"type":"connection_init"})"})
        read<connection_init>(text);
}

TEST_CASE("a pong returns the payload of the ping") {
    CHECK_FALSE(read<ping>(R"({"type":"ping"})").payload);
    CHECK_FALSE(read<ping>(R"({"type":"ping","payload":null})").payload);
    const auto message = read<ping>(R"({"type":"ping","payload":{"n":[1,null,"é"]}})");
    CHECK(pong_message(message.payload) == R"({"type":"pong","payload":{"n":[1,null,"é"]}})");
    CHECK(pong_message({}) == R"({"type":"pong"})");
    read<pong>(R"({"type":"pong","payload":{}})");
    CHECK(read<ping>(R"({"type":"ping","payload":{"n":1e308}})").payload);
}

TEST_CASE("a ping with a number that is out of range is refused, because a pong could not return it") {
    for (const auto* payload : {R"({"n":1e400})", R"({"n":[0,{"n":-1e400}]})"})
        CHECK(fault_of(R"({"type":"ping","payload":)" + std::string{payload} + "}") ==
              "\"payload\" has a number that is out of range");
}

TEST_CASE("a subscribe message contains the same fields as a GraphQL request over HTTP") {
    const auto whole = read<subscribe>(R"({"type":"subscribe","id":"a","payload":{"query":"query Q($n: Int) { x }",
        "operationName":"Q","variables":{"n":1},"extensions":{"x":[]}}})");
    CHECK(whole.id == "a");
    CHECK(whole.request.query == "query Q($n: Int) { x }");
    CHECK(whole.request.operation_name == "Q");
    CHECK(whole.request.variables.at("n") == 1);

    const auto minimal = read<subscribe>(
        R"({"type":"subscribe","id":"a","payload":{"query":"","operationName":null,"variables":null,"extensions":null}})");
    CHECK_FALSE(minimal.request.operation_name);
    CHECK(minimal.request.variables.empty());
}

TEST_CASE("variables in a subscribe message may nest as deeply as in a POST") {
    const auto message_with_levels = [](std::size_t count) {
        return R"({"type":"subscribe","id":"a","payload":{"query":"{x}","variables":)" + nested(count) + "}}";
    };
    CHECK(read<subscribe>(message_with_levels(32)).request.variables.size() == 1);
    CHECK(fault_of(message_with_levels(33)) == "the message nests too deeply");
}

TEST_CASE("a message of the type complete is read") {
    CHECK(read<complete>(R"({"type":"complete","id":"a"})").id == "a");
}

TEST_CASE("unknown members of a message are ignored, and of two members with the same name the last one counts") {
    CHECK(read<complete>(R"({"type":"ping","id":"a","type":"complete","more":[1]})").id == "a");
}

TEST_CASE("an invalid message is refused with a reason") {
    for (const auto* text : {"", "hello", R"({"type":"ping")", R"({"type":"ping"} {})"})
        CHECK(fault_of(text) == "the message is not well-formed JSON");
    for (const auto* text : {"[]", "null", "1", R"("ping")"})
        CHECK(fault_of(text) == "the message must be a JSON object");
    CHECK(fault_of(R"({"type":"ping","payload":{"n":1e9999999999}})") ==
          (support::reads_huge_exponents() ? "\"payload\" has a number that is out of range"
                                           : "the message has a number that is out of range"));
    CHECK(fault_of("{}") == "\"type\" must be a string");
    CHECK(fault_of(R"({"type":7})") == "\"type\" must be a string");
    for (const auto* text :
         {R"({"type":"start"})", R"({"type":""})", R"({"type":"Ping"})", R"({"type":"next","id":"1","payload":{}})"})
        CHECK(fault_of(text) == "unknown message type");
    for (const auto* type : {"connection_init", "ping", "pong", "subscribe"})
        CHECK(fault_of(R"({"id":"1","payload":[],"type":")" + std::string{type} + "\"}") == "\"payload\" must be an object");
}

TEST_CASE("subscribe needs an id and a document, complete needs an id, and fields of a wrong type are refused") {
    for (const auto* text :
         {R"({"type":"subscribe","payload":{"query":"{x}"}})", R"({"type":"subscribe","id":"","payload":{"query":"{x}"}})",
          R"({"type":"subscribe","id":1,"payload":{"query":"{x}"}})", R"({"type":"complete"})",
          R"({"type":"complete","id":null})"})
        CHECK(fault_of(text) == "\"id\" must be a string that is not empty");
    CHECK(fault_of(R"({"type":"subscribe","id":"1"})") == "\"payload\" must be an object");
    CHECK(fault_of_payload("null") == "\"payload\" must be an object");
    CHECK(fault_of_payload("{}") == "\"query\" is missing");
    CHECK(fault_of_payload(R"({"query":null})") == "\"query\" must be a string");
    CHECK(fault_of_payload(R"({"query":"{x}","operationName":[]})") == "\"operationName\" must be a string");
    CHECK(fault_of_payload(R"({"query":"{x}","variables":[]})") == "\"variables\" must be an object");
    CHECK(fault_of_payload(R"({"query":"{x}","extensions":"x"})") == "\"extensions\" must be an object");
}

TEST_CASE("operation ids may be any string and are returned unchanged") {
    const auto message = read<complete>(R"({"type":"complete","id":"\"\\\u0000\u00e9"})");
    CHECK(message.id == std::string_view{"\"\\\0\xc3\xa9", 5});
    CHECK(complete_message(message.id) == R"({"id":"\"\\\u0000é","type":"complete"})");
}

TEST_CASE("server messages have the protocol's form") {
    CHECK(connection_ack_message() == R"({"type":"connection_ack"})");
    CHECK(next_message("1", R"({"data":null})") == R"({"id":"1","type":"next","payload":{"data":null}})");
    CHECK(error_message("1", R"({"errors":[{"message":"no"}],"data":null})") ==
          R"({"id":"1","type":"error","payload":[{"message":"no"}]})");
}

namespace {

/// Values of every kind, with at least `size` bytes of JSON.
boost::json::array many_values(std::size_t size) {
    boost::json::array all;
    for (std::size_t bytes = 0; bytes < size; bytes += 60) {
        all.emplace_back("tea \U0001f375 \" \\ \n");
        all.emplace_back(1234567.875);
        all.emplace_back(-12345);
        all.emplace_back(boost::json::object{{"a", true}, {"b", nullptr}});
    }
    return all;
}

} // namespace

TEST_CASE("a large message is parsed correctly in pieces, wherever it is split") {
    const auto variables = boost::json::object{{"all", many_values(3 * max_bytes_per_step)}};
    const auto payload = boost::json::serialize(boost::json::object{{"query", "{ a }"}, {"variables", variables}});
    for (std::size_t shift = 0; shift < 80; ++shift) {
        const auto text = std::string(shift, ' ') + R"({"type":"subscribe","id":"1","payload":)" + payload + "}";
        CHECK(read<subscribe>(text).request.variables == variables);
    }
    CHECK(fault_of_payload(payload + "]") == fault_of_payload("{}]"));
    CHECK(fault_of(R"({"type":"subscribe","id":"1","payload":)" + payload) == fault_of("{"));
}

TEST_CASE("other coroutines run while a large message is parsed") {
    bool has_run = false;
    const auto variables = boost::json::object{{"all", many_values(8U << 20U)}}; // parsing them takes some tens of milliseconds
    const auto payload = boost::json::serialize(boost::json::object{{"query", "{ a }"}, {"variables", variables}});
    const auto text = R"({"type":"subscribe","id":"1","payload":)" + payload + "}";
    const auto work = [&]() -> awaitable<> {
        asio::post(co_await asio::this_coro::executor, [&] { has_run = true; });
        const auto message = co_await read_message(text);
        CHECK(message);
        CHECK(has_run);
    };
    support::run(work());
}
