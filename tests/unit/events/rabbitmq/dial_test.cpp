#include "rabbitmq/dial.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/silent_port.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <dlfcn.h>
#include <netdb.h>

#include <atomic>
#include <chrono>
#include <string>
#include <string_view>

// This program replaces the name service (`getaddrinfo`). The replacement knows two hosts: two-addresses.test has two
// addresses, and silent.test is not resolved until `is_answering` is set.

namespace {

std::atomic<int> first_port = 0;  // the port at the first address of two-addresses.test
std::atomic<int> second_port = 0; // the port at the second address of two-addresses.test, and at the address of silent.test
std::atomic<int> unanswered = 0;  // the number of lookups of silent.test that wait for an answer
std::atomic<bool> is_answering = true;

using lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

int look_up_loopback(lookup real, int port, const addrinfo* hints, addrinfo** result) {
    return real("127.0.0.1", std::to_string(port).c_str(), hints, result);
}

} // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints, addrinfo** result) {
    static const auto real = reinterpret_cast<lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    const std::string_view host{node ? node : ""};
    if (!host.ends_with(".test") || (hints && (hints->ai_flags & AI_NUMERICHOST) != 0))
        return real(node, service, hints, result);
    if (host == "silent.test") {
        ++unanswered;
        is_answering.wait(false);
        --unanswered;
        return look_up_loopback(real, second_port, hints, result);
    }
    if (const auto fault = look_up_loopback(real, first_port, hints, result))
        return fault;
    auto* last = *result;
    while (last->ai_next)
        last = last->ai_next;
    return look_up_loopback(real, second_port, hints, &last->ai_next);
}

namespace {

using namespace atrium::events::rabbitmq;
using namespace std::chrono_literals;
using atrium::support::eventually;
using atrium::support::silent_port;
using boost::asio::ip::tcp;
using std::chrono::steady_clock;

struct listening_host {
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), 0}};

    [[nodiscard]] int port() const { return acceptor.local_endpoint().port(); }
};

struct caller {
    wake_event wake;
    watchdog guard;

    dial_result dial(const std::string& host, std::chrono::milliseconds patience) {
        return atrium::events::rabbitmq::dial(host, 5672, steady_clock::now() + patience, wake, guard);
    }
};

} // namespace

TEST_CASE("a host whose first address drops packets is reached at its second address") {
    const silent_port dropping{silent_port::kind::drops_packets};
    const listening_host host;
    first_port = dropping.number();
    second_port = host.port();
    caller c;
    CHECK(c.dial("two-addresses.test", 2s).socket.get() >= 0);
}

TEST_CASE("dialing a host whose addresses all drop packets fails at the deadline") {
    const silent_port first{silent_port::kind::drops_packets};
    const silent_port second{silent_port::kind::drops_packets};
    first_port = first.number();
    second_port = second.number();
    caller c;
    const auto begin = steady_clock::now();
    const auto outcome = c.dial("two-addresses.test", 400ms);
    CHECK(outcome.socket.get() < 0);
    CHECK(outcome.failure == dial_failure::timed_out);
    CHECK(steady_clock::now() - begin >= 400ms);
    CHECK(steady_clock::now() - begin < 10s);
}

TEST_CASE("attempts to reach a host share one lookup while the name service does not answer") {
    const listening_host host;
    second_port = host.port();
    is_answering = false;
    caller c;
    for (int i = 0; i < 5; ++i)
        CHECK(c.dial("silent.test", 50ms).failure == dial_failure::unknown_host);
    eventually([&] { return unanswered > 0; });
    CHECK(unanswered == 1);
    is_answering = true;
    is_answering.notify_all();
    CHECK(c.dial("silent.test", 10s).socket.get() >= 0);
    eventually([&] { return unanswered == 0; });
}
