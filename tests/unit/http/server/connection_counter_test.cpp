#include "server/connection_counter.hpp"

#include <support/catch.hpp>

#include <thread>

using namespace std::chrono_literals;
using atrium::http::address_group;
using atrium::http::admission;
using atrium::http::connection_counter;
using atrium::http::connection_slot;
using std::chrono::steady_clock;

namespace {

constexpr address_group a{1};
constexpr address_group b{2};

} // namespace

TEST_CASE("no more connections are admitted than the maximum") {
    connection_counter counter{{.connections = 2, .per_address = 0, .share = 100}};
    CHECK(counter.try_open(a) == admission::admitted);
    CHECK(counter.try_open(a) == admission::admitted);
    CHECK(counter.try_open(a) == admission::full);
    CHECK(counter.try_open(b) == admission::full);
    CHECK_FALSE(counter.try_open_to_refuse());
    counter.close(a);
    CHECK(counter.try_open(b) == admission::admitted);
    CHECK(counter.open() == 2);
}

TEST_CASE("the limit per address applies to each address separately") {
    connection_counter counter{{.connections = 100, .per_address = 1, .share = 100}};
    CHECK(counter.try_open(a) == admission::admitted);
    CHECK(counter.try_open(a) == admission::address_has_max);
    CHECK(counter.try_open(b) == admission::admitted);
    counter.close(a);
    CHECK(counter.try_open(a) == admission::admitted);
}

TEST_CASE("an address gets no more than its share of the connections, and other addresses get the rest") {
    connection_counter counter{{.connections = 10, .per_address = 0, .share = 80}};
    for (int i = 0; i < 8; ++i)
        REQUIRE(counter.try_open(a) == admission::admitted);
    CHECK(counter.try_open(a) == admission::address_has_share);
    CHECK(counter.try_open(b) == admission::admitted);
    CHECK(counter.try_open(b) == admission::admitted);
    CHECK(counter.try_open(b) == admission::full);
    counter.close(a);
    CHECK(counter.try_open(a) == admission::admitted);
}

TEST_CASE("an address always gets one connection, and gets all of them if its share would leave less than one for others") {
    connection_counter one{{.connections = 1, .per_address = 0, .share = 1}};
    CHECK(one.try_open(a) == admission::admitted);
    CHECK(one.try_open(a) == admission::full);
    connection_counter few{{.connections = 9, .per_address = 0, .share = 90}};
    for (int i = 0; i < 9; ++i)
        CHECK(few.try_open(a) == admission::admitted);
    CHECK(few.try_open(a) == admission::full);
}

TEST_CASE("a connection that only gets a refusal counts for the total, but not for its address") {
    connection_counter counter{{.connections = 2, .per_address = 1, .share = 100}};
    CHECK(counter.try_open(a) == admission::admitted);
    CHECK(counter.try_open_to_refuse());
    CHECK(counter.try_open(b) == admission::full);
    counter.close({});
    CHECK(counter.try_open(b) == admission::admitted);
}

TEST_CASE("a connection slot is returned exactly once, even if it is moved or given back early") {
    connection_counter counter{{.connections = 2, .per_address = 0, .share = 100}};
    REQUIRE(counter.try_open(a) == admission::admitted);
    REQUIRE(counter.try_open(a) == admission::admitted);
    {
        connection_slot slot{counter, a};
        auto moved = std::move(slot);
        CHECK(counter.open() == 2);
        moved.give_back();
        CHECK(counter.open() == 1);
    }
    CHECK(counter.open() == 1);
    {
        const connection_slot last{counter, a};
    }
    CHECK(counter.open() == 0);
}

TEST_CASE("a caller can wait until no listener and no connection is open") {
    connection_counter counter{{.connections = 100, .per_address = 0, .share = 100}};
    counter.listener_opened();
    CHECK(counter.try_open(a) == admission::admitted);
    CHECK_FALSE(counter.wait_until_none(steady_clock::now()));
    std::thread other{[&] {
        counter.listener_closed();
        counter.close(a);
    }};
    CHECK(counter.wait_until_none(steady_clock::now() + 60s));
    other.join();
}
