#include "service_manager.hpp"
#include "watchdog_reports.hpp"

#include <app/server.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>
#include <support/notify_socket.hpp>
#include <support/temporary_directory.hpp>

#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <latch>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using namespace atrium;
using namespace std::chrono_literals;
using support::notify_socket;

/// Sets variables of the environment until the end of the test.
class environment {
public:
    explicit environment(std::vector<std::pair<std::string, std::string>> variables) : variables_{std::move(variables)} {
        for (const auto& [name, value] : variables_)
            ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~environment() {
        for (const auto& [name, value] : variables_)
            ::unsetenv(name.c_str());
    }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

private:
    std::vector<std::pair<std::string, std::string>> variables_;
};

app::settings settings_in(const support::temporary_directory& folder) {
    app::settings s;
    s.http.port = 0;
    s.http.threads = 2;
    s.storage.path = folder / "atrium.db";
    return s;
}

/// A server that reports to a watchdog every 50 ms, and has begun to do so.
struct watched_server_fixture {
    watched_server_fixture() {
        server->start();
        reports = std::make_unique<app::watchdog_reports>(manager, *server);
        CHECK(socket.receive() == "WATCHDOG=1");
        CHECK(socket.receive() == "WATCHDOG=1");
    }

    /// Expects that the reports end, after at most two that were already being sent.
    void expect_silence() const {
        int late_count = 0;
        while (!socket.receive_within(500ms).empty())
            REQUIRE(++late_count < 3);
        SUCCEED();
    }

    support::temporary_directory folder;
    notify_socket socket;
    environment variables{{{"NOTIFY_SOCKET", socket.name()}, {"WATCHDOG_USEC", "100000"}}};
    app::service_manager manager{{}};
    std::unique_ptr<app::server> server = std::make_unique<app::server>(settings_in(folder), logger{});
    std::unique_ptr<app::watchdog_reports> reports;
};

} // namespace

TEST_CASE("reports reach the socket of the service manager, at a path or in the abstract namespace") {
    const auto is_abstract = GENERATE(false, true);
    const notify_socket socket{is_abstract};
    const environment variables{{{"NOTIFY_SOCKET", socket.name()}}};
    const app::service_manager manager{{}};
    manager.report_ready("listening on port 1");
    CHECK(socket.receive() == "READY=1\nSTATUS=listening on port 1");
    manager.report_alive();
    CHECK(socket.receive() == "WATCHDOG=1");
    manager.report_reloading();
    const auto reloading = socket.receive();
    constexpr std::string_view begin = "RELOADING=1\nMONOTONIC_USEC=";
    REQUIRE(reloading.starts_with(begin));
    const std::chrono::microseconds time{std::stoll(reloading.substr(begin.size()))};
    CHECK(time <= std::chrono::steady_clock::now().time_since_epoch()); // both are times of the same clock
    CHECK(time > std::chrono::steady_clock::now().time_since_epoch() - 1min);
    manager.report_stopping(1500ms);
    CHECK(socket.receive() == "STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=1500000");
}

TEST_CASE("without a service manager, nothing is reported and nothing is logged") {
    support::captured_stderr output;
    const app::service_manager manager{logger{{}, "app"}};
    manager.report_ready("");
    CHECK(manager.max_silence() == 0us);
    CHECK(output.text().empty());
}

TEST_CASE("a NOTIFY_SOCKET that cannot be used, or a report that cannot be sent to it, is only logged") {
    const auto [name, message] = GENERATE(table<std::string, std::string>({
        {"vsock:2:1234", "NOTIFY_SOCKET is not a socket that can be used"},
        {"@", "NOTIFY_SOCKET is not a socket that can be used"},
        {"/" + std::string(200, 'x'), "NOTIFY_SOCKET is not a socket that can be used"},
        {"/nowhere/notify", "a report to the service manager failed report=\"READY=1\" reason=\"No such file or directory\""},
    }));
    support::captured_stderr output;
    {
        const environment variables{{{"NOTIFY_SOCKET", name}, {"WATCHDOG_USEC", "1000000"}}};
        const app::service_manager manager{logger{{}, "app"}};
        manager.report_ready("");
    }
    CHECK(output.text().find(message) != std::string::npos);
}

TEST_CASE("WATCHDOG_USEC is used only if it is a number, and only if WATCHDOG_PID is empty or the id of this process") {
    const auto time_with = [](const std::string& process, const std::string& time) {
        const environment variables{{{"NOTIFY_SOCKET", "/x"}, {"WATCHDOG_PID", process}, {"WATCHDOG_USEC", time}}};
        return app::service_manager{{}}.max_silence();
    };
    const auto own = std::to_string(::getpid());
    CHECK(time_with(own, "3000000") == 3s);
    CHECK(time_with("", "3000000") == 3s);
    CHECK(time_with("1", "3000000") == 0s);
    CHECK(time_with(own, "soon") == 0s);
}

TEST_CASE("the watchdog gets reports only while every worker responds") {
    const watched_server_fixture watched;
    std::latch is_blocked{1};
    std::latch release{1};
    std::atomic_flag has_blocked_one = ATOMIC_FLAG_INIT;
    watched.server->visit_workers([&] { // blocks one of the two workers
        if (has_blocked_one.test_and_set())
            return;
        is_blocked.count_down();
        release.wait();
    });
    is_blocked.wait();
    watched.expect_silence();
    release.count_down();
    CHECK(watched.socket.receive() == "WATCHDOG=1");
}

TEST_CASE("the watchdog gets reports only while the writer of the database responds") {
    const watched_server_fixture watched;
    sqlite3* other = nullptr;
    REQUIRE(sqlite3_open((watched.folder / "atrium.db").c_str(), &other) == SQLITE_OK);
    REQUIRE(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK); // blocks the writer until ROLLBACK
    watched.expect_silence();
    REQUIRE(sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr) == SQLITE_OK);
    sqlite3_close(other);
    CHECK(watched.socket.receive() == "WATCHDOG=1");
}

TEST_CASE("the reports to the watchdog can be stopped while a worker does not respond") {
    watched_server_fixture watched;
    std::latch release{1};
    watched.server->visit_workers([&] { release.wait(); });
    watched.reports->stop();
    release.count_down();
    while (!watched.socket.receive_within(0ms).empty()) {
    }
    CHECK(watched.socket.receive_within(300ms).empty());
}
