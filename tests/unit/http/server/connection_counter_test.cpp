#include "server/connection_counter.hpp"

#include <support/catch.hpp>

#include <thread>

using namespace std::chrono_literals;
using atrium::http::connection_counter;
using boost::asio::ip::make_address;
using std::chrono::steady_clock;

TEST_CASE("no more connections are open than may be") {
    connection_counter counter{2, 0};
    CHECK(counter.try_open());
    CHECK(counter.try_open());
    CHECK_FALSE(counter.try_open());
    counter.close();
    CHECK(counter.try_open());
    CHECK(counter.open() == 2);
}

TEST_CASE("each address has its own count") {
    connection_counter counter{100, 1};
    const auto a = make_address("127.0.0.1");
    const auto b = make_address("::1");
    CHECK(counter.enter(a));
    CHECK_FALSE(counter.enter(a));
    CHECK(counter.enter(b));
    counter.leave(a);
    CHECK(counter.enter(a));
}

TEST_CASE("one can wait until nothing is open") {
    connection_counter counter{100, 0};
    counter.listener_opened();
    CHECK(counter.try_open());
    CHECK_FALSE(counter.wait_until_none(steady_clock::now()));
    std::thread other{[&] {
        counter.listener_closed();
        counter.close();
    }};
    CHECK(counter.wait_until_none(steady_clock::now() + 60s));
    other.join();
}
