#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/database_inspector.hpp>
#include <support/eventually.hpp>
#include <support/process.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>
#include <support/temporary_directory.hpp>

#include <boost/json.hpp>

#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

// Tests the program as a user sees it in a terminal: commands, output, exit statuses, signals.

namespace {

using namespace atrium;
using support::client;
using support::eventually;
using support::process;
using support::running_server;

/// The output and the exit status of the program.
struct outcome {
    int status;
    std::string out;
    std::string err;
};

outcome run(std::vector<std::string> arguments, const process::environment& extra = {}) {
    arguments.insert(arguments.begin(), support::atrium_program());
    process program{arguments, extra};
    const int status = program.wait();
    return {status, program.out(), program.err()};
}

/// The arguments of `atrium COMMAND` for the database "atrium.db" in `folder`.
std::vector<std::string> arguments_for(const support::temporary_directory& folder, std::initializer_list<std::string> command) {
    std::vector<std::string> arguments{command};
    arguments.insert(arguments.end(), {"--set", "storage.path=" + (folder / "atrium.db").string()});
    return arguments;
}

std::ptrdiff_t count_files_in(const support::temporary_directory& folder) {
    return std::distance(std::filesystem::directory_iterator{folder.path()}, {});
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

/// A server whose stop waits for a request that never ends.
struct stuck_server {
    stuck_server() {
        stuck.write("POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
        REQUIRE(server.http().get("/livez").status == 200); // after this response, the only worker has read the earlier bytes
    }

    running_server server{{"http.threads=1", "http.deadlines.body=1h", "shutdown.deadline=1h"}};
    client stuck{server.port()};
};

} // namespace

TEST_CASE("`atrium version` prints the versions of the program and of its libraries") {
    const auto result = run({"version"});
    CHECK(result.status == 0);
    CHECK(result.out.starts_with("atrium 0.1.0\n"));
    CHECK(result.out.find("SQLite 3.") != std::string::npos);
    CHECK(result.err.empty());
}

TEST_CASE("every error of an invalid configuration is reported, and the exit status is 1") {
    support::temporary_directory folder;
    const auto file = folder / "config.toml";
    std::ofstream{file} << "[bus]\nadapter = \"rabitmq\"\n\n[http]\nprot = 1\n";
    const auto result = run({"serve", "--config", file.string(), "--set", "http.port=x"}, {"ATRIUM_HTTP__THREADS=many"});
    CHECK(result.status == 1);
    CHECK(result.err == file.string() + ":2: bus.adapter is \"rabitmq\"; it can be \"in-process\" or \"rabbitmq\"\n" +
                            file.string() +
                            ":5: there is no key http.prot; did you mean http.port?\n"
                            "environment ATRIUM_HTTP__THREADS: http.threads is many; it can be a whole number from 0 to 1024\n"
                            "--set http.port=x: http.port is x; it can be a whole number from 0 to 65535\n");
}

TEST_CASE("an invalid configuration is reported even if no thread can be started") {
    const support::temporary_directory folder;
    std::vector<std::string> command{"prlimit", "--nproc=1", support::atrium_program(), "serve", "--set", "http.port=none"};
    if (::geteuid() == 0) {
        // prlimit does not limit root, so another user runs the program. That user may have no access to the build folder, and
        // therefore runs a copy.
        command[2] = (folder / "atrium").string();
        std::filesystem::copy_file(support::atrium_program(), command[2]);
        std::filesystem::permissions(folder.path(), std::filesystem::perms::group_exec | std::filesystem::perms::others_exec,
                                     std::filesystem::perm_options::add);
        command.insert(command.begin(),
                       {"setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"});
    }
    process program{command};
    CHECK(program.wait() == 1);
    CHECK(program.err().find("http.port") != std::string::npos);
}

TEST_CASE("migrate --dry-run lists pending migrations and creates nothing, and migrate applies them once") {
    support::temporary_directory folder;
    const auto dry = run(arguments_for(folder, {"migrate", "--dry-run"}));
    CHECK(dry.status == 0);
    CHECK(dry.out.starts_with("would apply "));
    CHECK(std::filesystem::is_empty(folder.path()));

    const auto applied = run(arguments_for(folder, {"migrate"}));
    CHECK(applied.status == 0);
    CHECK(applied.out.starts_with("applied "));

    const auto up_to_date = (folder / "atrium.db").string() + " is up to date\n";
    CHECK(run(arguments_for(folder, {"migrate"})).out == up_to_date);
    CHECK(run(arguments_for(folder, {"migrate", "--dry-run"})).out == up_to_date);
}

TEST_CASE("`atrium check` inspects the database and changes nothing") {
    support::temporary_directory folder;
    const auto file = (folder / "atrium.db").string();
    const auto absent = run(arguments_for(folder, {"check"}));
    CHECK(absent.status == 0);
    CHECK(has_line(absent.out, file + ": does not exist yet; `atrium serve` or `atrium migrate` creates it"));
    CHECK(std::filesystem::is_empty(folder.path()));

    std::ofstream{file}.flush();
    const auto empty = run(arguments_for(folder, {"check"}));
    CHECK(empty.status == 0);
    CHECK(empty.out.find(" is pending; ") != std::string::npos);
    CHECK(run(arguments_for(folder, {"migrate", "--dry-run"})).out.starts_with("would apply "));
    CHECK(std::filesystem::file_size(file) == 0);
    CHECK(count_files_in(folder) == 1);

    REQUIRE(run(arguments_for(folder, {"migrate"})).status == 0);
    const auto count = count_files_in(folder);
    const auto present = run(arguments_for(folder, {"check"}));
    CHECK(count_files_in(folder) == count);
    CHECK(present.status == 0);
    CHECK(has_line(present.out, "configuration: valid"));
    CHECK(has_line(present.out, file + ": migrations are up to date"));
    CHECK(has_line(present.out, file + ": tables match the modules"));
    CHECK(has_line(present.out, file + ": integrity check passed"));
}

TEST_CASE("if a table does not fit its entity, `check` and `serve` report the table, the column and what to do") {
    support::temporary_directory folder;
    REQUIRE(run(arguments_for(folder, {"migrate"})).status == 0);
    const auto file = (folder / "atrium.db").string();
    support::run_sql(file, "DROP INDEX orders_order_status");
    const std::string sentence =
        "the description of Order, field \"status\": the column status of orders_order has no index, but "
        "lists are filtered or sorted by it; add the index by a migration";
    const auto checked = run(arguments_for(folder, {"check"}));
    CHECK(checked.status == 1);
    CHECK(has_line(checked.out, file + ": tables: " + sentence));
    CHECK(has_line(checked.out, file + ": integrity check passed"));
    const auto served = run(arguments_for(folder, {"serve", "--set", "http.port=0"}));
    CHECK(served.status == 1);
    CHECK(served.err.find(sentence) != std::string::npos);
}

TEST_CASE("`check` and `serve` refuse an invalid broker URL, and do not print the password") {
    for (const auto* command : {"check", "serve"}) {
        const auto result =
            run({command, "--set", "bus.adapter=rabbitmq", "--set", "bus.rabbitmq.url=amqp://ann:hidden@b:port"});
        CHECK(result.status == 1);
        CHECK(result.err.find("bus.rabbitmq.url") != std::string::npos);
        CHECK(result.err.find("hidden") == std::string::npos);
    }
}

TEST_CASE("`migrate` and a second `serve` report that a running server uses the database") {
    running_server server;
    for (const auto* command : {"migrate", "serve"}) {
        const auto result = run({command, "--set", "http.port=0", "--set", "storage.path=" + server.database().string()});
        INFO(command << ": " << result.err);
        CHECK(result.status == 1);
        CHECK(result.err.starts_with("atrium: "));
        CHECK(result.err.find(server.database().string()) != std::string::npos);
    }
}

TEST_CASE("a second server with the same database is refused even after the lock file was removed") {
    running_server server;
    std::filesystem::remove(server.database().string() + ".lock");
    for (const auto* command : {"migrate", "serve"}) {
        const auto result = run({command, "--set", "http.port=0", "--set", "storage.path=" + server.database().string()});
        CHECK(result.status == 1);
        CHECK(result.err.find("is in use by another atrium") != std::string::npos);
    }
    server.create_user("ann");
    server.stop();
}

TEST_CASE("`atrium check` works while a server uses the database") {
    running_server server;
    server.create_user("ann");
    const auto result = run({"check", "--set", "storage.path=" + server.database().string()});
    INFO(result.err);
    CHECK(result.status == 0);
    CHECK(has_line(result.out, server.database().string() + ": integrity check passed"));
    server.create_user("ben");
    server.stop();
}

TEST_CASE("of two servers that start at the same time with a dangling symlink as the database, only one gets the file") {
    support::temporary_directory folder;
    std::filesystem::create_symlink("later.db", folder / "atrium.db");
    std::vector<std::string> command{support::atrium_program()};
    const auto arguments = arguments_for(folder, {"serve", "--set", "http.port=0"});
    command.insert(command.end(), arguments.begin(), arguments.end());
    process one{command};
    process other{command};
    eventually([&] { return !one.runs() || !other.runs(); });
    auto& refused = one.runs() ? other : one;
    auto& serving = one.runs() ? one : other;
    CHECK(refused.wait() == 1);
    CHECK(refused.err().find("later.db is in use by another atrium") != std::string::npos);
    eventually([&] { return serving.err().find("listening on") != std::string::npos; });
    serving.signal(SIGTERM);
    CHECK(serving.wait() == 0);
}

TEST_CASE("a second server that reaches the database file through a bind mount of this file is refused") {
    support::temporary_directory folder;
    std::ofstream{folder / "alias.db"}.flush();
    running_server server;
    // The mount is in a separate mount namespace, which needs no privileges if the kernel allows user namespaces.
    std::vector<std::string> command{"unshare",
                                     "--user",
                                     "--map-root-user",
                                     "--mount",
                                     "sh",
                                     "-c",
                                     "mount --bind \"$0\" \"$1\" && shift && exec \"$@\"",
                                     server.database().string(),
                                     (folder / "alias.db").string()};
    auto trial = command;
    trial.emplace_back("true");
    if (process{trial}.wait() != 0) {
        WARN("this system does not let us mount a file; the test is skipped");
        return;
    }
    command.insert(command.end(), {support::atrium_program(), "serve", "--set", "http.port=0", "--set",
                                   "storage.path=" + (folder / "alias.db").string()});
    process second{command};
    CHECK(second.wait() == 1);
    CHECK(second.err().find("alias.db is in use by another atrium") != std::string::npos);
    server.create_user("ann");
    server.restart();
    CHECK(server.users().size() == 1);

    server.kill(); // its last changes stay in the write-ahead log, next to the real path of the file
    process third{command};
    CHECK(third.wait() == 1);
    CHECK(third.err().find("start once with storage.path=" + server.database().string()) != std::string::npos);
    server.start();
    CHECK(server.users().size() == 1);
    server.stop();
}

TEST_CASE("a server with too few file descriptors either reports this and ends, or works and stops cleanly") {
    for (int limit = 7; limit <= 36; ++limit) {
        INFO("prlimit --nofile=" << limit);
        support::temporary_directory folder;
        std::vector<std::string> command{"prlimit", "--nofile=" + std::to_string(limit), support::atrium_program()};
        const auto arguments = arguments_for(folder, {"serve", "--set", "http.port=0", "--set", "http.threads=1"});
        command.insert(command.end(), arguments.begin(), arguments.end());
        process server{command};
        std::uint16_t port = 0;
        eventually([&] {
            port = support::port_in(server.err());
            return port != 0 || !server.runs();
        });
        if (port != 0) {
            support::raw_client http{port};
            // For this request, the worker opens a database connection.
            http.send("GET /users/ HTTP/1.1\r\nHost: localhost\r\n\r\n");
            eventually(
                [&] { return http.has_arrived() || server.err().find("connections cannot be accepted") != std::string::npos; });
            server.signal(SIGTERM);
        }
        const auto status = server.wait();
        INFO(server.err());
        CHECK((status == 0 || status == 1));
        CHECK((status == 0) == (port != 0));
        CHECK((port != 0 || server.err().find("atrium: ") != std::string::npos));
        CHECK(server.err().find("the system allows few open files") != std::string::npos);
    }
}

TEST_CASE("a port in use is reported before a database is created, and the exit status is 1") {
    running_server server;
    support::temporary_directory folder;
    auto arguments = arguments_for(folder, {"serve", "--set"});
    arguments.insert(arguments.begin() + 2, "http.port=" + std::to_string(server.port()));
    const auto result = run(arguments);
    CHECK(result.status == 1);
    CHECK(result.err.find(std::to_string(server.port()) + ": the port is in use") != std::string::npos);
    CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("SIGINT and SIGTERM stop a server cleanly, with status 0") {
    for (const int signal : {SIGINT, SIGTERM}) {
        running_server server;
        server.create_user("ann");
        server.process().signal(signal);
        CHECK(server.process().wait() == 0);
        CHECK(server.log().find("info app: stopped\n") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(server.database().string() + "-wal")); // all changes are in the file itself
    }
}

TEST_CASE("without TLS, the only effect of SIGHUP is a line in the log") {
    running_server server;
    server.process().signal(SIGHUP);
    server.expect_log("info app: there is nothing to reload");
    server.create_user("ann");
    server.stop();
}

TEST_CASE("a server stops cleanly when its terminal is closed, but ignores any other SIGHUP") {
    support::temporary_directory folder;
    const auto log = (folder / "log").string();
    const auto id_file = (folder / "id").string();
    const auto command = "echo $$ >" + id_file + "; exec " + support::atrium_program() +
                         " serve --set http.port=0 --set storage.path=" + (folder / "atrium.db").string() + " 2>" + log;
    process terminal{
        {"script", "--quiet", "--command", command, "/dev/null"}}; // `script` gives the program a terminal of its own
    const auto has_logged = [&](std::string_view text) {
        std::ifstream file{log};
        return std::string{std::istreambuf_iterator<char>{file}, {}}.find(text) != std::string::npos;
    };
    eventually([&] { return has_logged("listening on "); });
    pid_t id = 0;
    std::ifstream{id_file} >> id;
    REQUIRE(id > 0);
    ::kill(id, SIGHUP);
    eventually([&] { return has_logged("there is nothing to reload"); });
    CHECK(::kill(id, 0) == 0);
    terminal.signal(SIGKILL);
    eventually([&] { return has_logged("info app: stopped\n"); });
    CHECK(has_logged("info app: stopping signal=SIGHUP "));
    eventually([&] { return ::kill(id, 0) != 0; });
    CHECK_FALSE(std::filesystem::exists((folder / "atrium.db-wal").string()));
}

TEST_CASE("SIGHUP has no effect on a server that is stopping") {
    stuck_server s;
    s.server.process().signal(SIGTERM);
    eventually([&] { return s.server.log().find("info app: stopping") != std::string::npos; });
    const auto begin = std::chrono::steady_clock::now();
    eventually([&] { // repeated for more than a second, because in the first second no signal ends the server
        s.server.process().signal(SIGHUP);
        return std::chrono::steady_clock::now() - begin > std::chrono::milliseconds{1500};
    });
    CHECK(s.server.process().runs());
    s.server.kill();
}

TEST_CASE("a server that was started with nohup ignores SIGHUP, even while it stops") {
    running_server server{{"http.threads=1", "http.deadlines.body=1h", "shutdown.deadline=1h"}, {"nohup"}};
    server.process().signal(SIGHUP);
    server.create_user("ann");
    client stuck{server.port()};
    stuck.write("POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    REQUIRE(client{server.port()}.get("/livez").status ==
            200); // after this response, the only worker has read the earlier bytes
    server.process().signal(SIGTERM);
    server.expect_log("info app: stopping signal=SIGTERM");
    eventually([&] { // repeated for more than a second, because in the first second no signal ends the server
        server.process().signal(SIGHUP);
        server.process().signal(SIGINT);
        return !server.process().runs();
    });
    CHECK(server.process().wait() == 128 + SIGINT);
}

TEST_CASE("a second signal ends a server immediately while it is stopping") {
    for (const int signal : {SIGINT, SIGTERM}) {
        stuck_server s;
        s.server.process().signal(SIGTERM);
        eventually([&] { return s.server.log().find("info app: stopping") != std::string::npos; });
        eventually([&] { // repeated for more than a second, because in the first second no signal ends the server
            s.server.process().signal(signal);
            return !s.server.process().runs();
        });
        CHECK(s.server.process().wait() == 128 + signal);
    }
}

TEST_CASE("after a signal, requests are answered during shutdown.delay, which a second signal cuts short") {
    for (const int signal : {SIGINT, SIGTERM}) {
        running_server server{{"shutdown.delay=1h", "shutdown.deadline=0ms"}};
        client partial{server.port()};
        partial.write(
            "POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 46\r\n\r\n{");
        server.process().signal(SIGTERM);
        eventually([&] { return client{server.port()}.get("/readyz").status == 503; }); // new connections are still accepted
        const auto answer = client{server.port()}.get("/users/");
        CHECK(answer.status == 200);
        CHECK(answer.header("Connection") == "close");
        // The rest of the request is still read, because shutdown.deadline begins only after the delay.
        partial.write(R"("username":"ann","email":"ann@example.com"}  )");
        const auto created = partial.read();
        CHECK(created.status == 201);
        CHECK(created.header("Connection") == "close");

        eventually([&] { // repeated for more than a second, because signals in the first second are ignored
            server.process().signal(signal);
            return !server.process().runs();
        });
        CHECK(server.process().wait() == 0);
        CHECK(server.log().find("info app: stopped\n") != std::string::npos);
    }
}

TEST_CASE("a second signal at the same moment does not end shutdown.delay, but a later one does") {
    running_server server{{"shutdown.delay=1h", "shutdown.deadline=0ms"}};
    server.process().signal(SIGTERM);
    server.process().signal(SIGINT); // another signal, because two equal signals may be merged
    eventually([&] { return client{server.port()}.get("/readyz").status == 503; });
    for (int i = 0; i < 100; ++i)
        REQUIRE(client{server.port()}.get("/readyz").status == 503);
    eventually([&] {
        server.process().signal(SIGTERM);
        return !server.process().runs();
    });
    CHECK(server.process().wait() == 0);
}

TEST_CASE("a server stops when shutdown.delay is over") {
    running_server server{{"shutdown.delay=200ms"}};
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 0);
    CHECK(server.log().find("delay_ms=200") != std::string::npos);
}

TEST_CASE("a third signal ends a server immediately if it is still stopping after a second one cut its delay short") {
    running_server server{{"http.threads=1", "http.deadlines.body=1h", "shutdown.delay=1h", "shutdown.deadline=1h"}};
    client stuck{server.port()};
    stuck.write("POST /users/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{");
    REQUIRE(server.http().get("/livez").status == 200); // after this response, the only worker has read the earlier bytes
    server.process().signal(SIGTERM);
    eventually([&] { return server.http().get("/readyz").status == 503; });
    eventually([&] { // the first of these ends the delay, those within a second are ignored, and the next one ends the server
        server.process().signal(SIGTERM);
        return !server.process().runs();
    });
    CHECK(server.process().wait() == 128 + SIGTERM);
}

TEST_CASE("a signal that is sent twice at the same moment still stops a server cleanly") {
    stuck_server s;
    s.server.process().signal(SIGTERM);
    eventually([&] { return s.server.log().find("info app: stopping") != std::string::npos; });
    s.server.process().signal(SIGTERM); // like timeout(1), which signals the program and then its process group
    s.stuck.write(std::string(99, ' '));
    CHECK(s.stuck.read().status == 415);
    CHECK(s.server.process().wait() == 0);
}

TEST_CASE("a name service that does not respond does not delay a stop beyond its deadline") {
    // AddressSanitizer refuses to run behind another preloaded library unless verify_asan_link_order is 0.
    const char* const options = std::getenv("ASAN_OPTIONS");
    const std::vector<std::string> wrapper{"env", "LD_PRELOAD=" SILENT_NAME_SERVICE,
                                           std::string{"ASAN_OPTIONS=verify_asan_link_order=0:"} + (options ? options : "")};
    for (const std::vector<std::string>& settings :
         {std::vector<std::string>{"bus.adapter=rabbitmq", "bus.rabbitmq.url=amqp://guest:guest@broker.example:5672/"},
          std::vector<std::string>{R"(modules.enabled=["orders"])", "modules.orders.users_url=http://users.example:8000"}}) {
        INFO(settings.back());
        auto server_settings = settings;
        server_settings.emplace_back("shutdown.deadline=100ms");
        running_server server{server_settings, wrapper};
        client waiting{server.port()};
        waiting.write("POST /orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                      "Content-Length: 39\r\n\r\n{\"username\":\"ann\",\"product_name\":\"tea\"}");
        REQUIRE(server.http().get("/livez").status == 200);
        server.stop(); // checks that the server ends with status 0
    }
}

TEST_CASE("a server that stops while a name service does not respond ends with status 1 if its database file was moved away") {
    // AddressSanitizer refuses to run behind another preloaded library unless verify_asan_link_order is 0.
    const char* const options = std::getenv("ASAN_OPTIONS");
    running_server server{
        {R"(modules.enabled=["orders"])", "modules.orders.users_url=http://users.example:8000", "shutdown.deadline=0ms"},
        {"env", "LD_PRELOAD=" SILENT_NAME_SERVICE,
         std::string{"ASAN_OPTIONS=verify_asan_link_order=0:"} + (options ? options : "")}};
    client waiting{server.port()};
    waiting.write("POST /orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                  "Content-Length: 39\r\n\r\n{\"username\":\"ann\",\"product_name\":\"tea\"}");
    REQUIRE(server.http().get("/livez").status == 200);
    std::filesystem::rename(server.database(), server.database().string() + ".away");
    eventually([&] { return client{server.port()}.get("/readyz").status == 503; });
    server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 1);
    CHECK(server.log().find("stopped without waiting for a call") != std::string::npos);
}

TEST_CASE("with log.format=json every log line is a JSON object, and one has the address and port") {
    running_server server{{"log.format=json"}};
    server.stop();
    std::istringstream lines{server.log()};
    bool found = false;
    for (std::string line; std::getline(lines, line);) {
        const auto object = boost::json::parse(line).as_object();
        found = found || object.at("message").as_string() == "listening on http://127.0.0.1:" + std::to_string(server.port());
    }
    CHECK(found);
}
