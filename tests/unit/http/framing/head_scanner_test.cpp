#include "framing/head_scanner.hpp"

#include <support/catch.hpp>

using namespace atrium::http;
using boost::beast::http::status;

namespace {

/// The status of the refusal; 0 if the header is complete, or -1 if more bytes are needed. The result -2 would be an error of
/// the scanner.
int verdict(std::string_view bytes, const limits& max_sizes = {}) {
    head_scanner scanner{max_sizes};
    switch (scanner.scan(bytes)) {
    case progress::done: return 0;
    case progress::need_more: return -1;
    case progress::refused: return static_cast<int>(scanner.why().status);
    }
    return -2;
}

/// The detail of the refusal; empty if nothing was refused.
std::string_view detail_of_refusal(std::string_view bytes) {
    const limits defaults;
    head_scanner scanner{defaults};
    return scanner.scan(bytes) == progress::refused ? scanner.why().detail : std::string_view{};
}

} // namespace

TEST_CASE("a header ends with the first empty line after the request line") {
    const limits max_sizes;
    head_scanner scanner{max_sizes};
    const std::string_view bytes = "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\nbody";
    REQUIRE(scanner.scan(bytes) == progress::done);
    CHECK(scanner.start() == 4);
    CHECK(scanner.size() == bytes.size() - 4);
}

TEST_CASE("the end of a header is found even if the header arrives in pieces") {
    const std::string bytes = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const limits max_sizes;
    head_scanner scanner{max_sizes};
    for (std::size_t size = 0; size < bytes.size(); ++size)
        REQUIRE(scanner.scan(std::string_view{bytes}.substr(0, size)) == progress::need_more);
    CHECK(scanner.scan(bytes) == progress::done);
    CHECK(scanner.size() == bytes.size());
}

TEST_CASE("empty lines alone do not begin a request") {
    const limits max_sizes;
    head_scanner scanner{max_sizes};
    CHECK(scanner.scan("\r\n") == progress::need_more);
    CHECK_FALSE(scanner.has_begun());
    CHECK(scanner.scan("\r\nG") == progress::need_more);
    CHECK(scanner.has_begun());
}

TEST_CASE("a line that ends with a bare LF or contains a bare CR is refused as soon as it ends") {
    CHECK(verdict("GET / HTTP/1.1\n") == 400);
    CHECK(verdict("\n") == 400);
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\n") == 400);
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\rb\r\n") == 400);
    CHECK(verdict("GET / HTTP/1.1\r\nHost: a\r\r\n") == 400);
}

TEST_CASE("a refusal describes what is wrong with a line of the header") {
    CHECK(detail_of_refusal("GET / HTTP/1.1\n") == "a line of the header does not end with CRLF");
    CHECK(detail_of_refusal("GET / HTTP/1.1\r\nHost: a\rb\r\n") ==
          "a line of the header contains a CR that is not part of its end");
    CHECK(detail_of_refusal("GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\n") == "the request target is too long");
    CHECK(detail_of_refusal(std::string(10'000, 'A') + " / HTTP/1.1\r\n") == "the request line is too long");
}

TEST_CASE("control characters are refused even before their line has ended") {
    CHECK(verdict("\x16\x03\x01") == 400); // the beginning of a TLS handshake
    CHECK(verdict(std::string_view{"GET /\0 HTTP/1.1", 15}) == 400);
    CHECK(verdict("GET / HTTP/1.1\r\nX: \x7f") == 400);
    CHECK(verdict("GET / HTTP/1.1\r\nX: a\tb\r\n\r\n") == 0);
    CHECK(verdict("GET / HTTP/1.1\r\nX: gr\xC3\xBC\r\n\r\n") == 0);
}

TEST_CASE("folded header lines are refused") {
    CHECK(verdict("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n") == 400);
    CHECK(verdict("GET / HTTP/1.1\r\n\tX: a\r\n\r\n") == 400);
}

TEST_CASE("a header that exceeds a size limit gets the status for that limit, even if its current line has not ended") {
    const limits max_sizes{.target = 100, .header = 300, .fields = 3};
    const std::string long_target = "GET /" + std::string(100, 'a');
    CHECK(verdict("GET /" + std::string(99, 'a') + " HTTP/1.1\r\n\r\n", max_sizes) == 0);
    CHECK(verdict(long_target + " HTTP/1.1\r\n\r\n", max_sizes) == 414);
    CHECK(verdict("GET /" + std::string(200, 'a'), max_sizes) == 414);
    CHECK(verdict(std::string(130, 'A'), max_sizes) == -1); // this may still be a long method
    CHECK(verdict(std::string(130, 'A') + " / HTTP/1.1", max_sizes) == 414);
    CHECK(verdict(std::string(130, 'A') + " / HTTP/1.1\r\n\r\n", max_sizes) == 414);
    CHECK(verdict("GET / HTTP/1.1\r\nX: " + std::string(300, 'a'), max_sizes) == 431);
    CHECK(verdict("GET / HTTP/1.1\r\nX: " + std::string(300, 'a') + "\r\n\r\n", max_sizes) == 431);
    CHECK(verdict("GET / HTTP/1.1\r\na: 1\r\nb: 2\r\nc: 3\r\n\r\n", max_sizes) == 0);
    CHECK(verdict("GET / HTTP/1.1\r\na: 1\r\nb: 2\r\nc: 3\r\nd: 4\r\n", max_sizes) == 431);
    CHECK(verdict(std::string(10, '\r') + "\n", max_sizes) == 400); // bare CRs
    CHECK(verdict("\r\n\r\n\r\n\r\n\r\n", max_sizes) == 400);       // too many empty lines before the request
}
