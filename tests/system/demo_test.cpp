// Tests `atrium demo` as a person uses it to try the program.
#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <csignal>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace atrium::support;

/// A demonstration whose temporary folder is in `folder`.
class demonstration {
public:
    explicit demonstration(const process::environment& extra = {}) {
        auto variables = extra;
        variables.push_back("TMPDIR=" + folder.path().string());
        program = std::make_unique<process>(
            std::vector<std::string>{atrium_program(), "demo", "--set", "http.port=0", "--set", "http.threads=2"}, variables);
        eventually([&] { return port_in(program->err()) != 0; });
        http = std::make_unique<client>(port_in(program->err()));
    }

    std::size_t count(std::string_view target) { return http->get(target).json().as_array().size(); }

    temporary_directory folder;
    std::unique_ptr<process> program;
    std::unique_ptr<client> http;
};

/// Runs `atrium demo` with a setting that it must refuse, and returns its messages.
std::string refusal_of(const std::string& assignment) {
    const temporary_directory folder;
    process program{{atrium_program(), "demo", "--set", assignment}, {"TMPDIR=" + folder.path().string()}};
    CHECK(program.wait() == 1);
    CHECK(std::filesystem::is_empty(folder.path()));
    return program.err();
}

} // namespace

TEST_CASE("a demonstration has users, orders, dead letters and traffic, and leaves nothing behind") {
    demonstration demo;
    CHECK(demo.program->out().starts_with("This is a demonstration with made-up users and orders."));
    CHECK(demo.program->out().find("removed when it ends") != std::string::npos);
    eventually([&] { return demo.count("/users/?limit=1000") == 200; });
    eventually([&] { return demo.http->get("/orders/2000").status == 200; });
    eventually([&] { return demo.count("/events/dead-letters?subscription=demo.unreliable&limit=100") >= 10; });
    eventually([&] { return demo.count("/events/dead-letters/groups") >= 3; });
    eventually([&] { return demo.http->get("/orders/2001").status == 200; }); // created by the light load
    eventually([&] { return demo.count("/console/data/requests?status=404&limit=10") > 0; });
    eventually([&] { return demo.count("/console/data/requests?status=422&limit=10") > 0; });
    CHECK(demo.count("/console/data/requests?status=5xx") == 0);
    const auto log = demo.program->err();
    CHECK(log.find("the subscription demo.unreliable fails on purpose; to look around, open http://127.0.0.1:" +
                   std::to_string(port_in(log)) + "/ in a browser") != std::string::npos);
    CHECK(log.find("a delivery failed") == std::string::npos); // although deliveries have failed
    CHECK(demo.http->get("/console/data/house").body.find(R"({"name":"demo.unreliable","module":"demo",)") !=
          std::string::npos);
    CHECK_FALSE(std::filesystem::is_empty(demo.folder.path()));
    demo.program->signal(SIGINT);
    CHECK(demo.program->wait() == 0);
    CHECK(std::filesystem::is_empty(demo.folder.path()));
}

TEST_CASE("a demonstration ends immediately, even while it creates its data") {
    demonstration demo;
    demo.program->signal(SIGTERM);
    CHECK(demo.program->wait() == 0);
    CHECK(std::filesystem::is_empty(demo.folder.path()));
}

TEST_CASE("a demonstration ignores environment variables that configure a server, such as the path of its database") {
    const temporary_directory other;
    const auto path = (other / "atrium.db").string();
    demonstration demo{{"ATRIUM_STORAGE__PATH=" + path, "ATRIUM_AUTH__MODE=token", "ATRIUM_NO__SUCH_KEY=1"}};
    eventually([&] { return demo.count("/users/?limit=1000") > 0; });
    CHECK(std::filesystem::is_empty(other.path()));
}

TEST_CASE("a demonstration refuses settings of the database, address, bus, modules and authentication, and misspelled keys") {
    const temporary_directory other;
    const auto path = (other / "atrium.db").string();
    CHECK(refusal_of("storage.path=" + path).find("storage.path cannot be set") != std::string::npos);
    CHECK(refusal_of("http.address=0.0.0.0").find("http.address cannot be set") != std::string::npos);
    CHECK(refusal_of("bus.adapter=rabbitmq").find("bus.adapter cannot be set") != std::string::npos);
    CHECK(refusal_of("modules.enabled=[\"users\"]").find("modules.enabled cannot be set") != std::string::npos);
    CHECK(refusal_of("auth.mode=token").find("auth.mode cannot be set") != std::string::npos);
    CHECK(refusal_of("http.prt=1").find("http.port") !=
          std::string::npos); // a misspelled key gets the same advice as in `atrium serve`
    CHECK(std::filesystem::is_empty(other.path()));
}
