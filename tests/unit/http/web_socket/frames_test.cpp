// Sends frames in their binary form, and tests which of them the server accepts and which it refuses.
#include "echo_server.hpp"

#include <support/catch.hpp>

using namespace atrium;
using namespace atrium::http;
using namespace atrium::http::test;

namespace {

struct echo_fixture {
    static settings small_messages() {
        settings s;
        s.web_socket.message = 1000;
        return s;
    }
    echo_fixture() : server{routes_with_session(echo), small_messages()}, client{server.port()} {
        REQUIRE(client.open().status == 101);
    }

    /// The code with which the server closes the WebSocket after this frame.
    unsigned code_after(const frame& f) {
        client.send(f);
        return client.read_close();
    }
    void check_refused() {
        CHECK(client.reads_end());
        client.raw.close();
        eventually([&] { return server.metric(R"(atrium_http_web_sockets_ended_total{reason="refused"})") == "1"; });
    }

    routed_server server;
    web_socket_client client;
};

} // namespace

TEST_CASE_METHOD(echo_fixture, "messages of any length and in any number of fragments arrive completely") {
    for (const std::size_t size : {0U, 1U, 125U, 126U, 999U, 1000U}) {
        client.send_text(std::string(size, 'x'));
        CHECK(client.read_text() == std::string(size, 'x'));
    }
    client.send({.payload = "on", .fin = false});
    client.send({.opcode = continuation_frame, .payload = "", .fin = false});
    client.send({.opcode = ping_frame, .payload = "between"});
    client.send({.opcode = continuation_frame, .payload = "e"});
    const auto pong = client.read();
    CHECK(pong.opcode == pong_frame);
    CHECK(pong.payload == "between");
    CHECK(client.read_text() == "one");
}

TEST_CASE_METHOD(echo_fixture, "frames that arrive byte by byte, or many at the same time, keep their order") {
    for (const char byte : to_bytes({.payload = "slow"}))
        client.raw.send({&byte, 1});
    CHECK(client.read_text() == "slow");
    std::string all;
    for (int i = 0; i < 100; ++i)
        all += to_bytes({.payload = std::to_string(i)});
    client.raw.send(all);
    for (int i = 0; i < 100; ++i)
        CHECK(client.read_text() == std::to_string(i));
}

TEST_CASE_METHOD(echo_fixture, "a fragment may end within a character") {
    client.send({.payload = "\xc3", .fin = false});
    client.send({.opcode = continuation_frame, .payload = "\xa4"});
    CHECK(client.read_text() == "\xc3\xa4");
}

TEST_CASE_METHOD(echo_fixture, "a ping is answered with a pong that has the same payload") {
    client.send({.opcode = ping_frame, .payload = ""});
    CHECK(client.read().opcode == pong_frame);
    client.send({.opcode = pong_frame, .payload = "unsolicited"});
    client.send({.opcode = ping_frame, .payload = std::string(125, 'p')});
    CHECK(client.read().payload == std::string(125, 'p'));
}

TEST_CASE_METHOD(echo_fixture, "a frame that is not masked is refused") {
    CHECK(code_after({.payload = "hello", .masked = false}) == 1002);
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "a frame with reserved bits is refused, because no extension was negotiated") {
    CHECK(code_after({.payload = "hello", .reserved = 4}) == 1002);
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "unknown opcodes are refused") {
    CHECK(code_after({.opcode = 3}) == 1002);
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "control frames that are fragmented or too long are refused") {
    SECTION("fragmented") {
        CHECK(code_after({.opcode = ping_frame, .fin = false}) == 1002);
    }
    SECTION("too long") {
        CHECK(code_after({.opcode = ping_frame, .payload = std::string(126, 'p')}) == 1002);
    }
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "a continuation without a message, and a message within another one, are refused") {
    SECTION("without a message") {
        CHECK(code_after({.opcode = continuation_frame}) == 1002);
    }
    SECTION("within a message") {
        client.send({.payload = "begun", .fin = false});
        CHECK(code_after({.payload = "another"}) == 1002);
    }
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "a message that is too large is refused before it has arrived") {
    SECTION("in one frame") {
        client.raw.send(to_bytes({.payload = std::string(1001, 'x')}).substr(0, 8)); // only the header of the frame
        CHECK(client.read_close() == 1009);
    }
    SECTION("in fragments") {
        client.send({.payload = std::string(600, 'x'), .fin = false});
        CHECK(code_after({.opcode = continuation_frame, .payload = std::string(600, 'x')}) == 1009);
    }
    SECTION("with an extreme length") {
        client.raw.send(std::string_view{"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xff\x01\x02\x03\x04", 14});
        CHECK(client.read_close() == 1009);
    }
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "text that is not UTF-8 is refused") {
    SECTION("a byte that cannot begin a character") {
        CHECK(code_after({.payload = "\xff"}) == 1007);
    }
    SECTION("a surrogate") {
        CHECK(code_after({.payload = "\xed\xa0\x80"}) == 1007);
    }
    SECTION("a character that is cut short") {
        CHECK(code_after({.payload = "\xc3"}) == 1007);
    }
    SECTION("a character that an empty last fragment cuts short") {
        client.send({.payload = "\xc3", .fin = false});
        CHECK(code_after({.opcode = continuation_frame}) == 1007);
        client.send({.opcode = close_frame, .payload = close_payload(1007)});
    }
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "binary messages are refused") {
    CHECK(code_after({.opcode = binary_frame, .payload = "x"}) == 1003);
    CHECK_FALSE(client.reason.empty());
    client.send({.opcode = close_frame, .payload = close_payload(1003)});
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "a close with an invalid code or reason is refused") {
    SECTION("a payload of one byte, which is too short for a code") {
        CHECK(code_after({.opcode = close_frame, .payload = "x"}) == 1002);
    }
    SECTION("a code that must not be sent") {
        CHECK(code_after({.opcode = close_frame, .payload = close_payload(1005)}) == 1002);
    }
    SECTION("a code that does not exist") {
        CHECK(code_after({.opcode = close_frame, .payload = close_payload(99)}) == 1002);
    }
    SECTION("a reason that is not UTF-8") {
        CHECK(code_after({.opcode = close_frame, .payload = close_payload(1000, "\xff")}) == 1002);
    }
    check_refused();
}

TEST_CASE_METHOD(echo_fixture, "a close is answered with its code, and later frames are ignored") {
    client.raw.send(to_bytes({.opcode = close_frame, .payload = close_payload(4321, "done")}) + to_bytes({.payload = "more"}));
    CHECK(client.read_close() == 4321);
    CHECK(client.reads_end());
    client.raw.close();
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK(server.metric(R"(atrium_http_web_sockets_ended_total{reason="client_left"})") == "1");
}

TEST_CASE("messages that arrive right before a close are still received") {
    std::atomic<int> received{0};
    routed_server server{routes_with_session([&](web_socket& socket) -> awaitable<> {
        for (;;) {
            const auto message = co_await socket.receive();
            if (!message)
                break;
            ++received;
        }
    })};
    web_socket_client client{server.port()};
    CHECK(client.open().status == 101);
    client.raw.send(to_bytes({.payload = "last"}) + to_bytes({.payload = "very last"}) + to_bytes({.opcode = close_frame}));
    CHECK(client.read_close() == 1000);
    CHECK(received == 2);
}
