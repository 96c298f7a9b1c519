#include "rabbitmq/watchdog.hpp"

#include <support/catch.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

using namespace std::chrono_literals;
using namespace atrium::events::rabbitmq;

namespace {

/// Two ends of a connection on which nothing is ever sent.
struct silent_connection {
    silent_connection() { REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()) == 0); }
    ~silent_connection() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    /// Blocks until the connection ends.
    void receive() const {
        char byte = 0;
        CHECK(::recv(ends[0], &byte, 1, 0) == 0);
    }
    [[nodiscard]] bool has_ended() const {
        char byte = 0;
        return ::recv(ends[0], &byte, 1, MSG_DONTWAIT) == 0;
    }
    std::array<int, 2> ends{};
};

} // namespace

TEST_CASE("a call that takes longer than its limit is ended") {
    const silent_connection s;
    watchdog w;
    w.watch(s.ends[0]);
    const watchdog::guard g{w, 50ms};
    s.receive();
}

TEST_CASE("calls within their limits leave the socket open, however long it is used") {
    const silent_connection s;
    watchdog w;
    w.watch(s.ends[0]);
    const auto end = watchdog::clock::now() + 200ms;
    while (watchdog::clock::now() < end)
        const watchdog::guard g{w, 10s};
    CHECK_FALSE(s.has_ended());
    // The watchdog's thread still sleeps until the limit of 10 s, so this shorter limit must wake it earlier.
    const watchdog::guard g{w, 20ms};
    s.receive();
}

TEST_CASE("the deadline for all calls ends the call that is running at that time, and each later call immediately") {
    const silent_connection first;
    const silent_connection second;
    watchdog w;
    w.watch(first.ends[0]);
    {
        const watchdog::guard g{w, 1h};
        w.end_by(watchdog::clock::now() + 50ms);
        first.receive();
    }
    w.watch(second.ends[0]);
    CHECK_FALSE(second.has_ended());
    const watchdog::guard g{w, 1h};
    second.receive();
}
