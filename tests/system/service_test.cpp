#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/notify_socket.hpp>
#include <support/running_server.hpp>

#include <boost/json.hpp>

#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <vector>

// Tests the program as a service manager such as systemd sees it.

namespace {

using namespace atrium::support;

/// The beginning of a command that runs a program with the environment that systemd gives to a service.
std::vector<std::string> service_environment(const notify_socket& socket) {
    return {"env", "NOTIFY_SOCKET=" + socket.name(), "WATCHDOG_USEC=200000"};
}

/// The next report that is not for the watchdog.
std::string next_report(const notify_socket& socket) {
    for (;;)
        if (auto report = socket.receive(); report != "WATCHDOG=1")
            return report;
}

} // namespace

TEST_CASE("a service reports to its service manager that it listens, that it works, and that it stops") {
    const auto is_abstract = GENERATE(false, true);
    const notify_socket socket{is_abstract};
    running_server server{{"shutdown.delay=2s", "shutdown.deadline=3s"}, service_environment(socket)};
    CHECK(socket.receive() == "READY=1\nSTATUS=listening on port " + std::to_string(server.port()));
    CHECK(server.http().get("/readyz").status == 200);
    for (int i = 0; i < 5; ++i)
        CHECK(socket.receive() == "WATCHDOG=1");

    server.process().signal(SIGTERM);
    // The sum of shutdown.delay, shutdown.deadline, and 8 s for what comes after the deadline.
    CHECK(next_report(socket) == "STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=13000000");
    CHECK(client{server.port()}.get("/livez").status == 200); // during the delay
    server.process().signal(SIGKILL);
    server.process().wait();
    CHECK(server.log().find("warning") == std::string::npos);
}

TEST_CASE("after SIGHUP, a service reports to its service manager that it reloads, and then that it is ready") {
    const notify_socket socket;
    running_server server{{}, service_environment(socket)};
    const auto ready = socket.receive();
    server.process().signal(SIGHUP);
    CHECK(next_report(socket).starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(next_report(socket) == ready);
    server.stop();
}

TEST_CASE("a service that cannot listen does not report that it is ready") {
    const notify_socket socket;
    const running_server first;
    const temporary_directory folder;
    auto command = service_environment(socket);
    command.insert(command.end(), {atrium_program(), "serve", "--set", "http.port=" + std::to_string(first.port()), "--set",
                                   "storage.path=" + (folder / "atrium.db").string()});
    process second{command};
    CHECK(second.wait() == 1);
    CHECK(socket.receive_within(std::chrono::milliseconds{0}).empty());
}

TEST_CASE("a service continues to answer requests after its service manager has ended") {
    auto socket = std::make_unique<notify_socket>();
    running_server server{{}, service_environment(*socket)};
    CHECK(socket->receive().starts_with("READY=1\n"));
    socket.reset();
    server.expect_log("warning app: a report to the service manager failed report=\"WATCHDOG=1\"");
    CHECK(server.http().get("/readyz").status == 200);
    server.stop();
}
