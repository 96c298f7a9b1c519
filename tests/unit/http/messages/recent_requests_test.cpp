#include <access/principal.hpp>
#include <http/recent_requests.hpp>
#include <support/catch.hpp>

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace atrium::http {
namespace {

request some_request(std::string_view target) {
    request q{.method = verb::get, .target = target, .request_id = "id-1", .traceparent = "00-trace-parent-01"};
    q.client_address = boost::asio::ip::make_address("192.0.2.1");
    return q;
}

exchange exchange_of(const request& q, std::string_view route = "/users/") {
    return {.q = q,
            .route = route,
            .status = status::ok,
            .body_bytes = 17,
            .began = std::chrono::system_clock::time_point{971'186'136'000ms},
            .duration = 1500us};
}

std::vector<recorded_request> read_requests(recent_requests& recent, std::uint64_t before = 0) {
    std::vector<recorded_request> found;
    recent.visit(before, [&](const recorded_request& r) {
        found.push_back(r);
        return true;
    });
    return found;
}

} // namespace

TEST_CASE("recent_requests contains no request at first") {
    recent_requests recent;
    CHECK(read_requests(recent).empty());
    CHECK(read_requests(recent, 7).empty());
}

TEST_CASE("a recorded request has the data of its exchange, but the secrets in its target are hidden") {
    recent_requests recent;
    auto q = some_request("/users/?limit=1&token=abc");
    q.principal = std::make_shared<access::principal>("token:ci", std::vector<std::string>{"users:read"});
    recent.record(exchange_of(q));
    const auto found = read_requests(recent);
    REQUIRE(found.size() == 1);
    CHECK(found[0].seq == 1);
    CHECK(found[0].method == verb::get);
    CHECK(found[0].target == "/users/?limit=1&token=(hidden)");
    CHECK(found[0].route == "/users/");
    CHECK(found[0].status == status::ok);
    CHECK(found[0].duration == 1500us);
    CHECK(found[0].body_bytes == 17);
    CHECK(found[0].request_id == "id-1");
    CHECK(found[0].traceparent == "00-trace-parent-01");
    CHECK(found[0].principal == "token:ci");
    CHECK(found[0].address.to_string() == "192.0.2.1");
    CHECK(found[0].began == std::chrono::system_clock::time_point{971'186'136'000ms});
}

TEST_CASE("requests, or only those before a given seq, are visited from the newest to the oldest until the visitor stops") {
    recent_requests recent;
    const auto q = some_request("/");
    for (int i = 0; i < 5; ++i)
        recent.record(exchange_of(q));
    std::string order;
    for (const auto& each : read_requests(recent))
        order += std::to_string(each.seq);
    CHECK(order == "54321");
    CHECK(read_requests(recent, 3).front().seq == 2);
    CHECK(read_requests(recent, 1).empty());
    CHECK(read_requests(recent, 1'000).size() == 5);
    int visited = 0;
    recent.visit(0, [&](const recorded_request&) { return ++visited < 2; });
    CHECK(visited == 2);
}

TEST_CASE("only the latest requests are kept, and a long target is cut off") {
    recent_requests recent;
    const std::string long_target = "/" + std::string(8'000, 'x');
    const auto q = some_request(long_target);
    const auto old = some_request("/old");
    recent.record(exchange_of(old));
    for (std::size_t i = 0; i < recent_requests::capacity; ++i)
        recent.record(exchange_of(q));
    const auto found = read_requests(recent);
    CHECK(found.size() == recent_requests::capacity);
    CHECK(found.back().seq == 2);
    CHECK(found.front().target.size() == recent_requests::max_target);
    CHECK(read_requests(recent, 2).empty());

    std::string secrets = "/?";
    for (int i = 0; i < 80; ++i)
        secrets += "code=&"; // each hidden value is longer than the secret
    const auto hidden = some_request(secrets);
    recent.record(exchange_of(hidden));
    CHECK(read_requests(recent).front().target.size() == recent_requests::max_target);
}

TEST_CASE("while several threads record requests, a reader never sees a mixture of two requests") {
    constexpr int threads = 4;
    constexpr int requests_per_thread = 20'000;
    recent_requests recent;
    std::atomic<bool> is_running = true;
    std::thread reader{[&] {
        while (is_running)
            for (const auto& found : read_requests(recent))
                if (found.target != "/thread/" + found.request_id)
                    is_running = false; // a mixture of two requests
    }};
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < threads; ++i)
            writers.emplace_back([&recent, number = std::to_string(i)] {
                const auto target = "/thread/" + number;
                auto q = some_request(target);
                q.request_id = number;
                for (int count = 0; count < requests_per_thread; ++count)
                    recent.record(exchange_of(q));
            });
    }
    CHECK(is_running.exchange(false));
    reader.join();
    const auto found = read_requests(recent);
    CHECK(found.size() == recent_requests::capacity);
    CHECK(found.front().seq == threads * requests_per_thread);
}

} // namespace atrium::http
