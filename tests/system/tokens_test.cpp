#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json/parse.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

// Tests `atrium token` as an operator uses it, with and without a running server.

namespace {

using namespace atrium::support;
using namespace std::chrono_literals;

/// The output and the exit status of the program.
struct outcome {
    int status;
    std::string out;
    std::string err;
};

outcome run_token_command(const std::filesystem::path& database, std::vector<std::string> arguments) {
    std::vector<std::string> command{atrium_program(), "token"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    command.insert(command.end(), {"--set", "storage.path=" + database.string()});
    process program{command};
    const int status = program.wait();
    return {status, program.out(), program.err()};
}

/// Creates a token and returns it.
std::string create(const std::filesystem::path& database, const std::string& name, const std::string& scope) {
    const auto made = run_token_command(database, {"create", "--name", name, "--scope", scope});
    INFO(made.err);
    REQUIRE(made.status == 0);
    REQUIRE(made.out.size() == 44);
    return made.out.substr(0, 43);
}

int status_of(running_server& server, const std::string& target, const std::string& secret) {
    return server.http().get(target, {{"Authorization", "Bearer " + secret}}).status;
}

} // namespace

TEST_CASE("a token can be created before the first start of the server") {
    temporary_directory folder;
    const auto database = folder / "data/atrium.db";
    const auto secret = create(database, "ci", "users:read");
    CHECK(secret.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
    const auto listed = run_token_command(database, {"list", "--json"});
    const auto rows = boost::json::parse(listed.out).as_array();
    REQUIRE(rows.size() == 1);
    CHECK(rows[0].at("name") == "ci");
    CHECK(rows[0].at("state") == "active");
    CHECK(listed.out.find(secret) == std::string::npos);
    CHECK(run_token_command(database, {"list"}).out.starts_with("NAME  STATE   CREATED "));
}

TEST_CASE("a running server accepts a new token, and refuses a revoked one, within five seconds") {
    running_server server{{"auth.mode=token"}};
    const auto secret = create(server.database(), "ci", "users:read");
    const auto created = std::chrono::steady_clock::now();
    eventually([&] { return status_of(server, "/users/", secret) == 200; });
    CHECK(std::chrono::steady_clock::now() - created < 5s);
    CHECK(status_of(server, "/orders/", secret) == 403);
    CHECK(server.http().get("/users/").status == 401);
    CHECK(server.http().get("/livez").status == 200);
    CHECK(server.http().get("/readyz").status == 200);
    REQUIRE(run_token_command(server.database(), {"revoke", "--name", "ci"}).status == 0);
    const auto revoked = std::chrono::steady_clock::now();
    eventually([&] { return status_of(server, "/users/", secret) == 401; });
    CHECK(std::chrono::steady_clock::now() - revoked < 5s);
    server.expect_log("a token was revoked token=ci actor=\"command line\"");
    CHECK(server.log().find(secret) == std::string::npos);
}

TEST_CASE("tokens survive a restart and a kill of the server") {
    running_server server{{"auth.mode=token"}};
    const auto first = create(server.database(), "first", "admin");
    server.kill();
    const auto second = create(server.database(), "second", "admin"); // while the write-ahead log of the killed server exists
    server.start();
    CHECK(status_of(server, "/users/", first) == 200);
    CHECK(status_of(server, "/users/", second) == 200);
    CHECK(server.process().out().empty()); // no link for the first administrator is printed, because a token is valid
    server.restart();
    CHECK(status_of(server, "/tokens", second) == 200);
}

TEST_CASE("two tokens that are created at the same time while a server runs are both stored") {
    running_server server{{"auth.mode=token"}};
    const auto command = [&](const std::string& name) {
        return std::vector<std::string>{atrium_program(), "token", "create",
                                        "--name",         name,    "--scope",
                                        "admin",          "--set", "storage.path=" + server.database().string()};
    };
    process first{command("a")};
    process second{command("b")};
    CHECK(first.wait() == 0);
    CHECK(second.wait() == 0);
    for (const auto& each : {first.out(), second.out()})
        eventually([&] { return status_of(server, "/users/", each.substr(0, 43)) == 200; });
}

TEST_CASE("an error of `atrium token` names the option and what is wrong with its value") {
    temporary_directory folder;
    const auto database = folder / "atrium.db";
    for (const auto& verb : {std::vector<std::string>{"list"}, {"revoke", "--name", "ci"}}) {
        const auto refused = run_token_command(database, verb);
        CHECK(refused.status == 1);
        CHECK(refused.err.find("does not exist") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(database));
    }
    create(database, "ci", "admin");
    const auto refusal = [&](std::vector<std::string> arguments) {
        const auto refused = run_token_command(database, std::move(arguments));
        CHECK(refused.status != 0);
        CHECK(refused.out.empty());
        return refused.err;
    };
    CHECK(refusal({"create", "--name", "x", "--scope", "users"}).find("--scope must be scopes such as users:read, or admin") !=
          std::string::npos);
    CHECK(refusal({"create", "--name", "ci", "--scope", "admin"}).find("there is a token with this name") != std::string::npos);
    CHECK(refusal({"create", "--name", "a/b", "--scope", "admin"}).find("--name must not") != std::string::npos);
    for (const auto* duration : {"30", "d", "-1d", "0s", "1w", "99999999d"})
        CHECK(refusal({"create", "--name", "x", "--scope", "admin", "--expires", duration}).find("--expires must be") !=
              std::string::npos);
    CHECK(refusal({"create", "--name", "x"}).find("--scope") != std::string::npos);
    CHECK(refusal({"revoke", "--name", "unknown"}).find("there is no token with this name") != std::string::npos);
    CHECK(boost::json::parse(run_token_command(database, {"list", "--json"}).out).as_array().size() == 1);
}

TEST_CASE("a token that was created with --expires is refused once this time has passed") {
    running_server server{{"auth.mode=token"}};
    const auto made =
        run_token_command(server.database(), {"create", "--name", "short", "--scope", "admin", "--expires", "3s"});
    REQUIRE(made.status == 0);
    const auto secret = made.out.substr(0, 43);
    eventually([&] { return status_of(server, "/users/", secret) == 200; });
    eventually([&] { return status_of(server, "/users/", secret) == 401; });
}

TEST_CASE("the link for the first administrator is in a private file if standard output is the log of systemd") {
    // As with systemd, JOURNAL_STREAM names the stream to which standard output is connected.
    running_server server{{"auth.mode=token"},
                          {"bash", "-c", R"(exec 3>&1; export JOURNAL_STREAM=$(stat -Lc %d:%i /dev/fd/3); exec "$@")", "bash"}};
    const auto file = server.database().parent_path() / "first-administrator-link";
    server.expect_log("the link in a file signs in the first administrator");
    server.expect_log("file=" + file.string());
    CHECK(server.process().out().empty());
    CHECK(server.log().find("code=") == std::string::npos);
    CHECK(std::filesystem::status(file).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    std::string link;
    std::getline(std::ifstream{file}, link);
    REQUIRE(link.starts_with("http://127.0.0.1:" + std::to_string(server.port()) + "/session/first?code="));
    const auto begun = server.http().get(link.substr(link.find("/session/")));
    CHECK(begun.status == 200);
    server.stop();
    CHECK_FALSE(std::filesystem::exists(file));
}

TEST_CASE("the link for the first administrator is printed if only another stream is the log of systemd") {
    running_server server{{"auth.mode=token"}, {"env", "JOURNAL_STREAM=1:1"}};
    eventually([&] { return server.process().out().find("/session/first?code=") != std::string::npos; });
    CHECK_FALSE(std::filesystem::exists(server.database().parent_path() / "first-administrator-link"));
}

TEST_CASE("the database files that root creates with `atrium token create` belong to the owner of their folder") {
    if (::geteuid() != 0)
        return; // only root can act as another user
    temporary_directory folder;
    const auto data = folder / "data";
    std::filesystem::create_directory(data);
    std::filesystem::permissions(folder.path(), std::filesystem::perms::others_exec | std::filesystem::perms::owner_all);
    constexpr ::uid_t service = 12'345;
    REQUIRE(::chown(data.c_str(), service, service) == 0);
    (void)create(data / "atrium.db", "ci", "users:read");
    int files = 0;
    for (const auto& each : std::filesystem::directory_iterator{data}) {
        struct ::stat facts{};
        REQUIRE(::stat(each.path().c_str(), &facts) == 0);
        INFO(each.path());
        CHECK(facts.st_uid == service);
        CHECK(facts.st_gid == service);
        ++files;
    }
    CHECK(files > 0);
    CHECK(run_token_command(data / "atrium.db", {"list"}).status == 0);
}
