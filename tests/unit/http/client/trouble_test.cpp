#include "client_fixture.hpp"
#include "scripted_server.hpp"

#include <support/eventually.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>

// Tests services that are unreachable or slow, or that disconnect during a call, and callers that stop waiting.

namespace {

using namespace atrium;
using namespace atrium::http::test;
using std::chrono::steady_clock;
using support::eventually;

const scripted_server::script hang_up = [](scripted_connection& c) { (void)c.read(); };
const scripted_server::script say_ok = [](scripted_connection& c) { c.answer(ok_answer); };
const scripted_server::script stay_silent = [](scripted_connection& c) { c.wait_for_end(); };

/// A port on which no server listens.
std::uint16_t closed_port() {
    asio::io_context context;
    asio::ip::tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), 0}};
    return acceptor.local_endpoint().port();
}

void check_unavailable(const result<http::client_response>& answer, const std::string& reason) {
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == errc::unavailable);
    CHECK(answer.error().detail == "the users service " + reason + "; nothing was changed");
    CHECK(answer.error().retry_after > 0s);
}

} // namespace

TEST_CASE("a call to an unreachable service fails with the error unavailable and a time after which to retry") {
    auto s = settings_for(local_url(closed_port()));
    s.backoff = 1ms;
    client_fixture fixture{s};
    check_unavailable(fixture.get("/"), "could not be reached");
    CHECK(fixture.http.state().failing_since);
    CHECK(fixture.calls("unreachable") == "1");
    CHECK(fixture.connections() == "0");
}

TEST_CASE("an unknown host is reported as an unreachable service") {
    auto s = settings_for("http://users.invalid");
    s.attempts = 1;
    check_unavailable(client_fixture{s}.get("/"), "could not be reached");
}

TEST_CASE("a kept connection that the service closed between two calls is replaced immediately") {
    scripted_server server{{say_ok, say_ok}};
    auto s = settings_for(local_url(server.port()));
    s.attempts = 1;
    client_fixture fixture{s};
    CHECK(fixture.get("/").value().body == "ok");
    eventually([&] { return server.accepted() == 1; });
    CHECK(fixture.get("/").value().body == "ok");
    CHECK(fixture.connections() == "2");
}

TEST_CASE("a kept connection that ends during a call is replaced immediately") {
    const auto ok_then_hang_up = [](scripted_connection& c) {
        c.answer(ok_answer);
        (void)c.read();
    };
    const auto ok_then_half = [](scripted_connection& c) {
        c.answer(ok_answer);
        c.answer("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    };
    for (const scripted_server::script& first :
         {scripted_server::script{ok_then_hang_up}, scripted_server::script{ok_then_half}}) {
        scripted_server server{{first, say_ok}};
        auto s = settings_for(local_url(server.port()));
        s.attempts = 1;
        client_fixture fixture{s};
        CHECK(fixture.get("/").value().body == "ok");
        CHECK(fixture.get("/").value().body == "ok");
        CHECK(fixture.calls("answered") == "2");
        CHECK(fixture.connections() == "2");
    }
}

TEST_CASE("a request that fails on a new connection is repeated up to the configured number of attempts") {
    scripted_server server{{hang_up, hang_up, hang_up, say_ok}};
    auto s = settings_for(local_url(server.port()));
    s.backoff = 1ms;
    client_fixture fixture{s};
    CHECK(fixture.get("/").value().body == "ok");
    CHECK(fixture.connections() == "4");

    scripted_server hopeless{{hang_up, hang_up, hang_up, hang_up, say_ok}};
    s.url = http::parse_base_url(local_url(hopeless.port())).value();
    check_unavailable(client_fixture{s}.get("/"), "could not be reached");
}

TEST_CASE("a call to a service that does not respond fails at the configured deadline, without another attempt") {
    scripted_server server{{stay_silent, say_ok}};
    auto s = settings_for(local_url(server.port()));
    s.deadline = 100ms;
    client_fixture fixture{s};
    const auto begin = steady_clock::now();
    check_unavailable(fixture.get("/"), "did not answer in time");
    CHECK(steady_clock::now() - begin >= 100ms);
    CHECK(fixture.calls("timed_out") == "1");
    CHECK(fixture.connections() == "1");
}

TEST_CASE("a caller's earlier deadline ends the call, and the service does not count as failing because of it") {
    const std::string late = "did not answer in the time that was left for the request";
    scripted_server server{{stay_silent, say_ok}};
    auto s = settings_for(local_url(server.port()));
    s.deadline = 24h;
    client_fixture fixture{s};
    const auto deadline = steady_clock::now() + 50ms;
    check_unavailable(fixture.get_until(deadline), late);
    CHECK(steady_clock::now() >= deadline);
    CHECK(fixture.calls("out_of_time") == "1");
    CHECK_FALSE(fixture.http.state().failing_since);

    CHECK(fixture.get_until(steady_clock::now() + 1h).value().body == "ok");
    check_unavailable(fixture.get_until(steady_clock::now() - 1ms), late); // fails although an idle connection is open
    CHECK(fixture.calls("out_of_time") == "2");
    CHECK(fixture.connections() == "2");
}

TEST_CASE("a caller's later deadline does not extend the configured deadline") {
    scripted_server server{{stay_silent}};
    auto s = settings_for(local_url(server.port()));
    s.deadline = 50ms;
    client_fixture fixture{s};
    check_unavailable(fixture.get_until(steady_clock::now() + 24h), "did not answer in time");
    CHECK(fixture.calls("timed_out") == "1");
    CHECK(fixture.http.state().failing_since);
}

TEST_CASE("a call to an unreachable service makes attempts only until the caller's deadline") {
    auto s = settings_for(local_url(closed_port()));
    s.attempts = 1'000'000;
    s.backoff = 10ms;
    s.deadline = 24h;
    check_unavailable(client_fixture{s}.get_until(steady_clock::now() + 50ms), "could not be reached");
}

TEST_CASE("a response that arrives slowly does not extend the configured deadline") {
    scripted_server server{{[](scripted_connection& c) {
        c.answer("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
        for (int i = 0; i < 100; ++i) {
            c.write("x");
            std::this_thread::sleep_for(5ms); // this test needs a slow server
        }
    }}};
    auto s = settings_for(local_url(server.port()));
    s.deadline = 100ms;
    check_unavailable(client_fixture{s}.get("/"), "did not answer in time");
}

TEST_CASE("a call to an unreachable service makes attempts only until the configured deadline") {
    auto s = settings_for(local_url(closed_port()));
    s.attempts = 1'000'000;
    s.backoff = 10ms;
    s.deadline = 100ms;
    const auto begin = steady_clock::now();
    check_unavailable(client_fixture{s}.get("/"), "could not be reached");
    CHECK(steady_clock::now() - begin < 30s);
}

TEST_CASE("a cancelled call ends and closes its connection") {
    scripted_server server{{stay_silent}};
    client_fixture fixture{server.port()};
    asio::cancellation_signal stop;
    std::exception_ptr failure;
    const std::string target = "/";
    asio::co_spawn(fixture.context, fixture.http.get(target),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr e, auto&&) { failure = e; }));
    eventually([&] {
        fixture.context.poll();
        return server.accepted() == 1;
    });
    stop.emit(asio::cancellation_type::terminal);
    fixture.context.restart();
    fixture.context.run(); // the script of the server also ends, because the connection ends

    REQUIRE(failure);
    try {
        std::rethrow_exception(failure);
    } catch (const boost::system::system_error& aborted) {
        CHECK(aborted.code() == asio::error::operation_aborted);
    }
    CHECK(fixture.calls("cancelled") == "1");
    CHECK_FALSE(fixture.http.state().failing_since); // the service is not at fault
}

TEST_CASE("a call can be cancelled while it waits between two attempts") {
    auto s = settings_for(local_url(closed_port()));
    s.backoff = 1h;
    s.deadline = 24h;
    client_fixture fixture{s};
    asio::cancellation_signal stop;
    bool has_ended = false;
    const std::string target = "/";
    asio::co_spawn(fixture.context, fixture.http.get(target),
                   asio::bind_cancellation_slot(stop.slot(), [&](std::exception_ptr, auto&&) { has_ended = true; }));
    for (int i = 0; i < 20; ++i)
        fixture.context.run_one_for(10ms);
    CHECK_FALSE(has_ended);
    stop.emit(asio::cancellation_type::terminal);
    fixture.context.run();
    CHECK(has_ended);
    CHECK(fixture.calls("cancelled") == "1");
}

TEST_CASE("an io_context may be destroyed while calls are in progress on it") {
    scripted_server server{{stay_silent}};
    client_fixture fixture{server.port()};
    const std::string target = "/";
    {
        asio::io_context context{1};
        auto answer = asio::co_spawn(context, fixture.http.get(target), asio::use_future);
        eventually([&] {
            context.poll();
            return server.accepted() == 1;
        });
    }
    SUCCEED("the connection of the call was closed, so the script has ended");
}
