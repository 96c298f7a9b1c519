#include "framing/framer.hpp"

#include <support/catch.hpp>

#include <algorithm>

using namespace atrium::http;

namespace {

/// Feeds `bytes` to a framer, `step` at a time. Returns each request as one line, then the status of the refusal, or "more" if
/// nothing was refused.
std::string frame_all(std::string_view bytes, std::size_t step, const limits& max_sizes = {}) {
    framer f{max_sizes};
    request q;
    std::string out;
    for (;;) {
        switch (f.next(q)) {
        case progress::done:
            out.append(boost::beast::http::to_string(q.method)).append(" ").append(q.path).append(" ");
            for (const auto& field : q.headers.all())
                out.append(field.name).append("=").append(field.value).append(" ");
            out.append(q.body).append("\n");
            f.finish();
            continue;
        case progress::refused: return out + std::to_string(static_cast<int>(f.why().status));
        case progress::need_more: break;
        }
        if (bytes.empty())
            return out + "more";
        const auto space = f.free_space();
        const auto count = std::min({space.size(), bytes.size(), step});
        std::copy_n(bytes.data(), count, space.data());
        f.add_received(count);
        bytes.remove_prefix(count);
    }
}

/// The detail of the refusal; empty if nothing was refused.
std::string detail_of_refusal(const std::string& bytes) {
    const limits defaults;
    framer f{defaults};
    request q;
    const auto space = f.free_space();
    std::copy(bytes.begin(), bytes.end(), space.data());
    f.add_received(bytes.size());
    return f.next(q) == progress::refused ? std::string{f.why().detail} : std::string{};
}

constexpr std::string_view get_a = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n";

} // namespace

TEST_CASE("the requests that a framer reads do not depend on how the network splits their bytes") {
    const auto body = std::string(20'000, 'x');
    const std::vector<std::string> streams{
        std::string{get_a} + std::string{get_a},
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + std::string{get_a},
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 20000\r\n\r\n" + body + std::string{get_a},
        "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=\"y\"\r\n!\r\n0\r\n\r\n" +
            std::string{get_a},
        "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n4e20\r\n" + body + "\r\n0\r\nT: 1\r\n\r\n" +
            std::string{get_a},
        "\r\nGET /c HTTP/1.1\r\nHost: a\r\nX: " + std::string(6000, 'y') + "\r\n\r\n\r\n" + std::string{get_a},
        "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nX: " + std::string(1990, 'y') + "\r\n\r\nabc" + std::string{get_a},
        std::string{get_a} + "GET /b HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        std::string{get_a} + "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloX",
    };
    for (const auto& stream : streams) {
        CAPTURE(stream.substr(0, 100));
        const auto whole = frame_all(stream, stream.size());
        CHECK(whole.find("/a") != std::string::npos);
        for (const std::size_t step : {1U, 2U, 3U, 7U, 100U, 1460U, 2048U})
            REQUIRE(frame_all(stream, step) == whole);
    }
}

TEST_CASE("trailers and chunk extensions do not reach a handler") {
    CHECK(frame_all("POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;e=1\r\nx\r\n0\r\nHost: evil\r\n"
                    "X-Admin: yes\r\n\r\n",
                    1000) == "POST /b Host=a Transfer-Encoding=chunked x\nmore");
}

TEST_CASE("trailers cannot change the framing of later requests") {
    const std::string head = "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n";
    CHECK(frame_all(head + "Content-Length: 50\r\n\r\n" + std::string{get_a}, 1000) == "400");
    CHECK(frame_all(head + "Transfer-Encoding: chunked\r\n\r\n" + std::string{get_a}, 1000) == "400");
}

TEST_CASE("chunk headers and trailers beyond their size limits are refused") {
    const std::string head = "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::size_t step : {100U, 100'000U}) {
        CHECK(frame_all(head + "1;e=" + std::string(5000, 'e') + "\r\nx\r\n0\r\n\r\n", step) == "400");
        CHECK(frame_all(head + std::string(9000, '0'), step) == "400");
        CHECK(frame_all(head + "0\r\nX: " + std::string(9000, 'e'), step) == "400");
        std::string chunks = head;
        for (int i = 0; i < 100; ++i)
            chunks += "1;e=" + std::string(50, 'e') + "\r\nx\r\n";
        CHECK(frame_all(chunks, step) == "400");
    }
}

TEST_CASE("a body may reach its size limit but not exceed it") {
    const limits max_sizes{.body = 10};
    const std::string length = "POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    CHECK(frame_all(length + "10\r\n\r\n0123456789", 1000, max_sizes).ends_with("0123456789\nmore"));
    CHECK(frame_all(length + "11\r\n\r\n", 1000, max_sizes) == "413");
    CHECK(frame_all(length + "18446744073709551615\r\n\r\n", 1000, max_sizes) == "413");
    CHECK(frame_all(length + "18446744073709551616\r\n\r\n", 1000, max_sizes) == "400");

    const std::string chunked = "POST /b HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    CHECK(frame_all(chunked + "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n", 1, max_sizes).ends_with("0123456789\nmore"));
    CHECK(frame_all(chunked + "5\r\n01234\r\n6\r\n", 1, max_sizes) == "413");
    CHECK(frame_all(chunked + "ffffffffffffffff\r\n", 1, max_sizes) == "413");
    CHECK(frame_all(chunked + "1ffffffffffffffff\r\n", 1, max_sizes) == "400");
}

TEST_CASE("a refusal names the header that makes the framing ambiguous") {
    const std::string head = "POST /b HTTP/1.1\r\nHost: a\r\n";
    CHECK(detail_of_refusal(head + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n")
              .starts_with("the request must not have more than one Content-Length"));
    CHECK(detail_of_refusal(head + "Content-Length: 5, 6\r\n\r\n")
              .starts_with("the request must not have more than one Content-Length"));
    CHECK(detail_of_refusal(head + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n")
              .starts_with("the framing of the body is ambiguous"));
    CHECK(detail_of_refusal(head + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")
              .starts_with("the framing of the body is ambiguous"));
}
