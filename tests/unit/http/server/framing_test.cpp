#include "test_server.hpp"

#include <support/catch.hpp>

#include <vector>

using namespace atrium::http;
using namespace atrium::http::test;

namespace {

struct sample {
    std::string name;
    std::string bytes;
    int status;
};

constexpr auto smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

std::string get(const std::string& target, const std::string& fields = "Host: a\r\n", const std::string& version = "HTTP/1.1") {
    return "GET " + target + " " + version + "\r\n" + fields + "\r\n";
}

std::string post(const std::string& fields, const std::string& body, const std::string& version = "HTTP/1.1") {
    return "POST /echo " + version + "\r\nHost: a\r\n" + fields + "\r\n" + body;
}

/// A request whose body could end at one position for a proxy, and at another one for this server.
std::string chunked(const std::string& fields, const std::string& version = "HTTP/1.1") {
    return post(fields, "0\r\n\r\n", version);
}

std::string post_chunks(const std::string& chunks) {
    return post("Transfer-Encoding: chunked\r\n", chunks);
}

const std::vector<sample>& refused_samples() {
    using namespace std::string_literals;
    static const std::vector<sample> all{
        {"no request line", "nonsense\r\n\r\n", 400},
        {"no version", "GET /small\r\n\r\n", 400},
        {"two blanks in the request line", "GET  /small HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a blank before the method", " GET /small HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"a tab in the request line", "GET\t/small HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"text after the version", "GET /small HTTP/1.1 x\r\nHost: a\r\n\r\n", 400},
        {"a method that is not a token", "G@T /small HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"too many empty lines first", "\r\n\r\n\r\n\r\n\r\n" + get("/small"), 400},
        {"HTTP/2.0", get("/small", "Host: a\r\n", "HTTP/2.0"), 505},
        {"the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
        {"HTTP/1.2", get("/small", "Host: a\r\n", "HTTP/1.2"), 505},
        {"HTTP/0.9", get("/small", "Host: a\r\n", "HTTP/0.9"), 505},
        {"a version that is not a number", get("/small", "Host: a\r\n", "HTTP/one"), 400},
        {"a version in lower case", get("/small", "Host: a\r\n", "http/1.1"), 400},

        {"bare LF after the request line", "GET /small HTTP/1.1\nHost: a\r\n\r\n", 400},
        {"bare LF after a field", "GET /small HTTP/1.1\r\nHost: a\nX: b\r\n\r\n", 400},
        {"bare CR in a field", get("/small", "Host: a\r\nX: a\rb\r\n"), 400},
        {"NUL in a field", get("/small", "Host: a\r\nX: a\0b\r\n"s), 400},
        {"NUL in the target", get("/small\0"s), 400},
        {"DEL in a field", get("/small", "Host: a\r\nX: a\x7f\r\n"), 400},
        {"vertical tab before a coding",
         chunked("Transfer-Encoding: \x0b"
                 "chunked\r\n"),
         400},
        {"a folded field", get("/small", "Host: a\r\nX: a\r\n b\r\n"), 400},
        {"a first field that is folded", get("/small", " Host: a\r\n"), 400},
        {"a field without a colon", get("/small", "Host: a\r\nnonsense\r\n"), 400},
        {"a field without a name", get("/small", "Host: a\r\n: b\r\n"), 400},
        {"a blank before the colon", get("/small", "Host : a\r\n"), 400},
        {"a name that is not a token", get("/small", "Host: a\r\nX(y): b\r\n"), 400},
        {"TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s, 400},

        {"no Host", get("/small", ""), 400},
        {"two Hosts", get("/small", "Host: a\r\nHost: a\r\n"), 400},
        {"two Hosts in HTTP/1.0", get("/small", "Host: a\r\nHost: b\r\n", "HTTP/1.0"), 400},
        {"an empty Host", get("/small", "Host:\r\n"), 400},
        {"a Host with a path", get("/small", "Host: a/b\r\n"), 400},
        {"a Host with a user", get("/small", "Host: ann@a\r\n"), 400},
        {"a Host that is a list", get("/small", "Host: a, b\r\n"), 400},
        {"an absolute target without Host", get("http://a/small", ""), 400},

        {"an invalid escape", get("/items/%zz"), 400},
        {"half an escape", get("/items/%4"), 400},
        {"an encoded NUL", get("/items/%00"), 400},
        {"an encoded slash", get("/items/a%2Fb"), 400},
        {"a path that is not UTF-8", get("/items/%ff"), 400},
        {"a fragment", get("/small#x"), 400},
        {"a relative target", get("small"), 400},
        {"an unknown scheme", get("ftp://a/small"), 400},
        {"a user in the target", get("http://ann@a/small"), 400},
        {"the asterisk for GET", get("*"), 400},
        {"CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", 501},

        {"Content-Length with Transfer-Encoding", chunked("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"Transfer-Encoding with Content-Length", chunked("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        {"Content-Length 0 with Transfer-Encoding", chunked("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"Content-Length with an unknown coding", chunked("Content-Length: 5\r\nTransfer-Encoding: x\r\n"), 400},
        {"two Content-Lengths that differ", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400},
        {"two Content-Lengths that agree", post("Content-Length: 5\r\nContent-Length: 5\r\n", "hello"), 400},
        {"a list of Content-Lengths", post("Content-Length: 5, 5\r\n", "hello"), 400},
        {"a signed Content-Length", post("Content-Length: +5\r\n", "hello"), 400},
        {"a negative Content-Length", post("Content-Length: -5\r\n", "hello"), 400},
        {"a hexadecimal Content-Length", post("Content-Length: 0x5\r\n", "hello"), 400},
        {"a Content-Length with a blank inside", post("Content-Length: 5 5\r\n", "hello"), 400},
        {"an empty Content-Length", post("Content-Length:\r\n", ""), 400},
        {"a Content-Length beyond 64 bits", post("Content-Length: 18446744073709551617\r\n", "h"), 400},

        {"chunked in HTTP/1.0", chunked("Transfer-Encoding: chunked\r\n", "HTTP/1.0"), 400},
        {"chunked twice in a line", chunked("Transfer-Encoding: chunked, chunked\r\n"), 400},
        {"chunked in two lines", chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"chunked and another line", chunked("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n"), 400},
        {"another line and chunked", chunked("Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"chunked not last", chunked("Transfer-Encoding: chunked, gzip\r\n"), 400},
        {"identity", chunked("Transfer-Encoding: identity\r\n"), 400},
        {"xchunked", chunked("Transfer-Encoding: xchunked\r\n"), 400},
        {"chunked in quotes", chunked("Transfer-Encoding: \"chunked\"\r\n"), 400},
        {"chunked with a parameter", chunked("Transfer-Encoding: chunked;q=1\r\n"), 400},
        {"chunked after a comma", chunked("Transfer-Encoding: ,chunked\r\n"), 501},
        {"an empty coding", chunked("Transfer-Encoding:\r\n"), 400},
        {"a blank before the colon of a coding", chunked("Transfer-Encoding : chunked\r\n"), 400},
        {"an unknown coding before chunked", chunked("Transfer-Encoding: gzip, chunked\r\n"), 501},

        {"a chunk size that is not a number", post_chunks("x\r\n"), 400},
        {"a chunk size with 0x", post_chunks("0x5\r\nhello\r\n0\r\n\r\n"), 400},
        {"a signed chunk size", post_chunks("+5\r\nhello\r\n0\r\n\r\n"), 400},
        {"a blank after the chunk size", post_chunks("5 \r\nhello\r\n0\r\n\r\n"), 400},
        {"a chunk size beyond 64 bits", post_chunks("10000000000000005\r\nhello\r\n0\r\n\r\n"), 400},
        {"a chunk longer than its size", post_chunks("4\r\nhello\r\n0\r\n\r\n"), 400},
        {"bare LF after a chunk size", post_chunks("5\nhello\r\n0\r\n\r\n"), 400},
        {"bare LF after a chunk", post_chunks("5\r\nhello\n0\r\n\r\n"), 400},
        {"bare LF in a chunk extension", post_chunks("5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"), 400},
        {"bare LF at the end of a chunk extension", post_chunks("5;a\nhello\r\n0\r\n\r\n"), 400},
        {"bare LF in a trailer", post_chunks("0\r\nX: a\nY: b\r\n\r\n"), 400},
        {"a trailer with framing", post_chunks("0\r\nContent-Length: 40\r\n\r\n"), 400},

        {"an unknown expectation", post("Expect: tea\r\nContent-Length: 5\r\n", "hello"), 417},
        {"a Connection that is not a list", get("/small", "Host: a\r\nConnection: close keep-alive\r\n"), 400},
    };
    return all;
}

} // namespace

TEST_CASE("an ambiguous or malformed request is refused, and nothing after it is answered") {
    auto s = small_settings();
    s.deadlines.drain = 100ms;
    test_server server{s};
    for (const auto& [name, bytes, status] : refused_samples()) {
        CAPTURE(name);
        raw_client client{server.port()};
        client.send(bytes + smuggled);
        auto all = client.read_to_end();
        const auto first = take_answer(all);
        CHECK(first.status == status);
        CHECK(first.header("connection") == "close");
        CHECK(first.header("content-type") == "application/problem+json");
        CHECK(first.body.find("\"instance\":\"" + first.header("x-request-id") + "\"") != std::string::npos);
        CHECK(all.empty());
    }
    CHECK(server.smuggled == 0);
    eventually([&] { return server.metric("atrium_http_connections") == "0"; });
    CHECK_FALSE(server.metric("atrium_http_refused_total{reason=\"malformed\"}").empty());
    CHECK(server.metric("atrium_http_refused_total{reason=\"version\"}") == "4");
}

TEST_CASE("the response to a refused HEAD request has a header but no body") {
    auto s = small_settings();
    s.deadlines.drain = 100ms;
    test_server server{s};
    std::vector<sample> all = refused_samples();
    all.push_back({"an unfinished header", get("/small", "Host: a\r\nX: " + std::string(20'000, 'x')), 431});
    all.push_back({"a long target", get("/" + std::string(20'000, 'x')), 414});
    std::size_t count = 0;
    for (const auto& [name, bytes, status] : all) {
        if (!bytes.starts_with("GET "))
            continue;
        CAPTURE(name);
        ++count;
        raw_client client{server.port()};
        // The method of the earlier request, GET, must not decide whether the refusal has a body.
        client.send(get_small + ("HEAD " + bytes.substr(4)));
        CHECK(client.read_answer().status == 200);
        auto answers = client.read_to_end();
        CHECK(take_answer(answers, false).status == status);
        CHECK(answers.empty());
    }
    CHECK(count > 30);
}

TEST_CASE("requests in all forms that HTTP/1 allows are accepted") {
    const std::vector<std::pair<std::string, std::string>> accepted{
        {"\r\n\r\nPOST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "hello"},
        {"POST /echo/ HTTP/1.1\r\nhOST:a\r\ncontent-LENGTH:5\r\n\r\nhello", "hello"},
        {"POST /echo HTTP/1.1\r\nHost:\t a \t\r\nContent-Length: 5 \r\n\r\nhello", "hello"},
        {"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 005\r\n\r\nhello", "hello"},
        {"POST /echo HTTP/1.1\r\nHost: a\r\n\r\n", ""},
        {post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n0\r\n\r\n"), "hello"},
        {post("Transfer-Encoding: CHUNKED\r\n", "5\r\nhello\r\n6;a=b;c=\"d\"\r\n world\r\n00\r\n\r\n"), "hello world"},
        {post("Transfer-Encoding: chunked\r\n", "A\r\n0123456789\r\n0\r\nX-Trailer: 1\r\n\r\n"), "0123456789"},
        {"POST http://b:81/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {"POST /echo HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nhi", "hi"},
        {post("Content-Length: 3\r\nX:\r\nY: gr\xC3\xBC\r\n", std::string{"\0\r\n", 3}), std::string{"\0\r\n", 3}},
    };
    test_server server;
    raw_client client{server.port()};
    for (const auto& [bytes, body] : accepted) {
        CAPTURE(bytes);
        client.send(bytes);
        const auto reply = client.read_answer();
        CHECK(reply.status == 200);
        CHECK(reply.body == body);
    }
}

TEST_CASE("a handler gets the decoded path, and the query, the target and the host as they were sent") {
    test_server server;
    raw_client client{server.port()};
    client.send("GET /items/gr%C3%BC%20%2541/?a=%20b&c HTTP/1.1\r\nHost: a:8000\r\n\r\n");
    const auto reply = client.read_answer().body;
    CHECK(reply.substr(0, reply.rfind('\n')) == "/items/gr\xC3\xBC %41\na=%20b&c\n/items/gr%C3%BC%20%2541/?a=%20b&c\na:8000");

    client.send("GET http://b:81/items/1?x HTTP/1.1\r\nHost: a\r\n\r\n");
    const auto absolute = client.read_answer().body;
    CHECK(absolute.substr(0, absolute.rfind('\n')) == "/items/1\nx\n/items/1?x\nb:81");
}

TEST_CASE("a body that arrives after its header does not change the header") {
    test_server server;
    raw_client client{server.port()};
    const std::string filler(1800, 'f');
    client.send("GET /items/1?q HTTP/1.1\r\nHost: a\r\nX: " + filler + "\r\nContent-Length: 40000\r\n\r\n");
    for (int i = 0; i < 40; ++i)
        client.send(std::string(1000, 'b'));
    const auto reply = client.read_answer().body;
    CHECK(reply.substr(0, reply.rfind('\n')) == "/items/1\nq\n/items/1?q\na");
    client.send("GET /small HTTP/1.1\r\nHost: a\r\n\r\n");
    CHECK(client.read_answer().status == 200);
}
