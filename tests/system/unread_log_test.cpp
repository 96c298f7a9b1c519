#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/eventually.hpp>
#include <support/held_port.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json/parse.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <csignal>
#include <memory>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// Tests the program while no process reads its log: neither requests nor the stop may wait for a reader.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// Waits until a server responds on this port.
void expect_answers(std::uint16_t port, process& server) {
    eventually([&] {
        try {
            return client{port}.get("/livez").status == 200;
        } catch (const boost::system::system_error&) { // the server does not listen yet
            return !server.runs();
        }
    });
    REQUIRE(server.runs());
}

/// A server whose standard error is a pipe that is read only when the test reads it. The constructor waits for the server.
class server_with_pipe {
public:
    explicit server_with_pipe(std::vector<std::string> settings) {
        const auto name = (folder_ / "log").string();
        REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
        pipe_ = ::open(name.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC); // opens both ends, so that the pipe always has a reader
        REQUIRE(pipe_ >= 0);
        REQUIRE(::fcntl(pipe_, F_SETPIPE_SZ, 4096) > 0);

        std::vector<std::string> command{"sh", "-c", R"(exec "$@" 2>"$0")", name, atrium_program(), "serve"};
        settings.push_back("http.port=" + std::to_string(port_.number()));
        settings.push_back("storage.path=" + (folder_ / "atrium.db").string());
        for (const auto& each : settings)
            command.insert(command.end(), {"--set", each});
        process_ = std::make_unique<atrium::support::process>(command);
        expect_answers(port_.number(), *process_);
    }
    ~server_with_pipe() {
        process_.reset();
        ::close(pipe_);
    }
    server_with_pipe(const server_with_pipe&) = delete;
    server_with_pipe& operator=(const server_with_pipe&) = delete;

    [[nodiscard]] atrium::support::process& process() { return *process_; }
    [[nodiscard]] client& http() { return http_; }
    [[nodiscard]] std::uint16_t port() const { return port_.number(); }

    /// Fills the pipe completely, as another process with the same standard error could do.
    void fill_pipe() const {
        while (::write(pipe_, "x", 1) == 1) {
        }
    }

    /// The log lines that have arrived so far.
    const std::string& log() {
        std::array<char, 4096> bytes{};
        for (auto count = ::read(pipe_, bytes.data(), bytes.size()); count > 0;
             count = ::read(pipe_, bytes.data(), bytes.size()))
            log_.append(bytes.data(), static_cast<std::size_t>(count));
        return log_;
    }

    [[nodiscard]] int dropped_lines() {
        const auto metrics = http_.get("/metrics").body;
        constexpr std::string_view name = "\natrium_log_lines_dropped_total ";
        const auto found = metrics.find(name);
        REQUIRE(found != std::string::npos);
        return std::stoi(metrics.substr(found + name.size()));
    }

    /// Sends requests until `number` lines have been dropped.
    void expect_dropped_lines(int number) {
        eventually([&] {
            for (int i = 0; i < 1000; ++i)
                REQUIRE(http_.get("/livez").status == 200);
            return dropped_lines() >= number;
        });
    }

private:
    temporary_directory folder_;
    held_port port_;
    int pipe_ = -1;
    std::unique_ptr<atrium::support::process> process_;
    client http_{port_.number()};
    std::string log_;
};

} // namespace

TEST_CASE("a log that is not read delays neither responses nor the stop") {
    server_with_pipe server{{"log.level=debug"}};
    for (int i = 0; i < 2000; ++i) // the log lines of a few dozen requests fill the pipe
        REQUIRE(server.http().get("/livez").status == 200);
    REQUIRE(server.http().post("/users/", {{"username", "ann"}, {"email", "ann@example.com"}}).status == 201);
    REQUIRE(server.http().post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}).status == 201);
    eventually([&] { return server.http().get("/users/1").json().at("order_count") == 1; }); // events are still delivered

    const auto begin = std::chrono::steady_clock::now();
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
    CHECK(std::chrono::steady_clock::now() - begin < 10s); // the default of shutdown.deadline
}

TEST_CASE("dropped log lines are counted, and the log reports how many are missing") {
    server_with_pipe server{{"log.level=debug", "log.format=json"}};
    server.expect_dropped_lines(100);

    eventually([&] { return server.log().find("lines were dropped here") != std::string::npos; });
    server.process().signal(SIGTERM);
    eventually([&] { return server.log().find("\"message\":\"stopped\"") != std::string::npos; });
    CHECK(server.process().wait() == 0);

    std::istringstream lines{server.log()};
    std::int64_t missing = 0;
    for (std::string line; std::getline(lines, line);) {
        const auto object = boost::json::parse(line).as_object(); // each line is complete
        if (object.at("component") == "log")
            missing += object.at("lines").as_int64();
    }
    CHECK(missing >= 100);
}

TEST_CASE("a server that cannot start ends with status 1, even if its message is not read") {
    server_with_pipe first{{}};
    first.fill_pipe();
    const auto path = "/proc/" + std::to_string(first.process().id()) + "/fd/2";
    process second{{"sh", "-c", R"(exec "$@" 2>"$0")", path, atrium_program(), "serve", "--set",
                    "http.port=" + std::to_string(first.port()), "--set", "storage.path=/dev/null/atrium.db"}};
    CHECK(second.wait() == 1);
    process third{{"sh", "-c", R"(exec "$@" 2>"$0")", path, atrium_program(), "serve", "--set", "http.prot=1"}};
    CHECK(third.wait() == 1);
}

TEST_CASE("a second signal ends a server immediately, even if its log is not read") {
    server_with_pipe server{{"http.deadlines.body=1h", "shutdown.deadline=1h"}};
    client stuck{server.port()};
    stuck.write("POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    server.fill_pipe();
    server.process().signal(SIGTERM);
    eventually([&] { // repeated for more than a second, because in the first second no signal ends the server
        server.process().signal(SIGTERM);
        return !server.process().runs();
    });
    CHECK(server.process().wait() == 128 + SIGTERM);
}

TEST_CASE("a server keeps running if its log is on a full disk or closed") {
    for (const auto* redirection : {R"(exec "$@" 2>/dev/full)", R"(exec "$@" 2>&-)"}) {
        INFO(redirection);
        temporary_directory folder;
        held_port port;
        process server{{"sh", "-c", redirection, "sh", atrium_program(), "serve", "--set",
                        "http.port=" + std::to_string(port.number()), "--set",
                        "storage.path=" + (folder / "atrium.db").string()}};
        expect_answers(port.number(), server);
        CHECK(client{port.number()}.post("/users/", {{"username", "ann"}, {"email", "ann@example.com"}}).status == 201);
        server.signal(SIGTERM);
        CHECK(server.wait() == 0);
    }
}
