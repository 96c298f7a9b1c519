#include "engine/ledger.hpp"

#include <support/catch.hpp>

#include <thread>

using namespace std::chrono_literals;
using atrium::http::ledger;
using boost::asio::ip::make_address;
using std::chrono::steady_clock;

TEST_CASE("no more connections are open than may be") {
    ledger l{2, 0};
    CHECK(l.try_open());
    CHECK(l.try_open());
    CHECK_FALSE(l.try_open());
    l.close();
    CHECK(l.try_open());
    CHECK(l.open() == 2);
}

TEST_CASE("each address has its own count") {
    ledger l{100, 1};
    const auto a = make_address("127.0.0.1");
    const auto b = make_address("::1");
    CHECK(l.enter(a));
    CHECK_FALSE(l.enter(a));
    CHECK(l.enter(b));
    l.leave(a);
    CHECK(l.enter(a));
}

TEST_CASE("one can wait until nothing is open") {
    ledger l{100, 0};
    l.listener_opened();
    CHECK(l.try_open());
    CHECK_FALSE(l.wait_until_none(steady_clock::now()));
    std::thread other{[&] {
        l.listener_closed();
        l.close();
    }};
    CHECK(l.wait_until_none(steady_clock::now() + 60s));
    other.join();
}
