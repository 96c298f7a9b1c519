#include <support/catch.hpp>
#include <support/database_inspector.hpp>
#include <support/eventually.hpp>
#include <support/held_port.hpp>
#include <support/order_load.hpp>
#include <support/process.hpp>
#include <support/running_server.hpp>
#include <support/temporary_directory.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

// Tests `atrium backup` and `atrium check` as an operator uses them: while a server is under load, and after accidents.

namespace {

using namespace atrium::support;

/// The output and the exit status of the program.
struct outcome {
    int status;
    std::string out;
    std::string err;
};

std::vector<std::string> backup_command(const std::filesystem::path& source, const std::filesystem::path& target) {
    return {atrium_program(), "backup", target.string(), "--set", "storage.path=" + source.string()};
}

outcome run(const std::vector<std::string>& command) {
    process program{command};
    const int status = program.wait();
    return {status, program.out(), program.err()};
}

outcome back_up(const std::filesystem::path& source, const std::filesystem::path& target) {
    return run(backup_command(source, target));
}

outcome check(const std::filesystem::path& file) {
    return run({atrium_program(), "check", "--set", "storage.path=" + file.string()});
}

std::set<std::string> files_in(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& each : std::filesystem::directory_iterator{folder})
        names.insert(each.path().filename().string());
    return names;
}

/// Puts the backup in the place of the database of a stopped server, as docs/operations.md describes.
void restore(const std::filesystem::path& backup, const std::filesystem::path& database) {
    for (const auto* ending : {"", "-wal", "-shm"})
        std::filesystem::remove(database.string() + ending);
    std::filesystem::copy_file(backup, database);
}

/// Stops the server and adds rows of about 100 MB to its database, so that a backup takes some time.
void fill(running_server& server) {
    server.stop();
    run_sql(
        server.database(),
        "INSERT INTO events_log (id, source, topic, key, priority, time, traceparent, data)"
        " WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)"
        " SELECT 'filling-' || i, 'test', 'test.filled', 'k', 4, 0, '', '{\"x\":\"' || hex(zeroblob(500000)) || '\"}' FROM n");
}

} // namespace

TEST_CASE("a backup of a missing database fails, unless --if-exists is given and no write-ahead log is left") {
    const temporary_directory folder;
    const auto missing = back_up(folder / "atrium.db", folder / "copy.db");
    CHECK(missing.status == 1);
    CHECK(missing.err.find("does not exist") != std::string::npos);

    auto command = backup_command(folder / "atrium.db", folder / "copy.db");
    command.push_back("--if-exists");
    const auto tolerated = run(command);
    CHECK(tolerated.status == 0);
    CHECK(tolerated.out.find("does not exist yet: there is nothing to copy") != std::string::npos);
    CHECK(files_in(folder.path()).empty());

    std::ofstream{folder / "atrium.db-wal"} << "changes of a database that was moved away";
    CHECK(run(command).status == 1);
}

TEST_CASE("a backup under load is consistent, has all changes acknowledged before it began, and can replace a killed server's "
          "database") {
    const held_port port; // clients of the killed server must not reach another program
    running_server server{{"http.port=" + std::to_string(port.number())}};
    acknowledged_changes before;
    {
        order_load load{server.port(), server.port(), 1};
        load.expect_orders(100);
        before = load.end();
    }
    const temporary_directory folder;
    order_load load{server.port(), server.port(), 2};
    for (const auto* name : {"one.db", "two.db", "three.db"}) {
        load.expect_orders(20);
        const auto done = back_up(server.database(), folder / name);
        INFO(done.out << done.err);
        CHECK(done.status == 0);
        load.expect_orders(20); // the server works during and after the backup
    }
    server.kill();
    const auto during = load.end();
    CHECK(during.unexpected.empty());
    CHECK(during.refused.empty());
    CHECK(files_in(folder.path()) == std::set<std::string>{"one.db", "two.db", "three.db"});

    for (const auto* name : {"three.db", "one.db"}) {
        INFO(name);
        const auto checked = check(folder / name);
        INFO(checked.out << checked.err);
        CHECK(checked.status == 0);
        restore(folder / name, server.database());
        server.start();
        eventually([&] { return server.is_quiet(); });
        check_nothing_lost(server, server, before);
        const auto user = server.create_user(std::string{"after-"} + name[0]);
        server.place_order(user.username, "tea");
        eventually([&] { return server.find(user).order_count == 1; });
        server.kill();
    }
}

TEST_CASE("a backup contains dead letters, and the restored server shows them") {
    running_server server;
    const auto user = server.create_user("ann");
    server.place_order(user.username, "tea");
    server.place_order(user.username, "milk");
    eventually([&] { return server.is_quiet() && server.find(user).order_count == 2; });
    server.stop();
    run_sql(
        server.database(),
        "INSERT INTO events_delivery (subscription, seq, place, key, priority, state, attempts, last_error)"
        " SELECT s.id, l.seq, l.seq, l.key, l.priority, 'dead', 12, 'the reason' FROM events_log AS l, events_subscription AS s"
        " WHERE s.name = 'users.order_statistics' AND l.topic = 'orders.order_created' ORDER BY l.seq LIMIT 1");
    const temporary_directory folder;
    REQUIRE(back_up(server.database(), folder / "copy.db").status == 0);
    restore(folder / "copy.db", server.database());
    server.start();
    CHECK(server.http().get("/readyz").json().at("bus").at("dead_letters") == 1);
    CHECK(server.find(user).order_count == 2);
    server.stop();
}

TEST_CASE("`atrium backup` leaves no file with the name of the backup if it is killed, and the next backup succeeds") {
    running_server server;
    fill(server);
    const temporary_directory folder;
    const auto copy = folder / "copy.db";
    const auto partial = folder / "copy.db.partial";
    int status = 0;
    for (int i = 0; i < 20 && status == 0; ++i) { // repeated, because a fast machine may complete a copy before it is killed
        std::filesystem::remove(copy);
        process program{backup_command(server.database(), copy)};
        eventually([&] { return std::filesystem::exists(partial) || !program.runs(); });
        program.signal(SIGKILL);
        status = program.wait();
    }
    CHECK(status == 128 + SIGKILL);
    CHECK(files_in(folder.path()) == std::set<std::string>{"copy.db.partial"});
    const auto done = back_up(server.database(), copy);
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(files_in(folder.path()) == std::set<std::string>{"copy.db"});
    CHECK(check(copy).status == 0);
}

TEST_CASE("a backup that does not fit on its disk is refused with a message, and leaves no file") {
    running_server server;
    const temporary_directory folder;
    // The small disk is in a separate mount namespace, which needs no privileges if the kernel allows user namespaces.
    std::vector<std::string> command{"unshare",
                                     "--user",
                                     "--map-root-user",
                                     "--mount",
                                     "sh",
                                     "-c",
                                     "mount -t tmpfs -o size=64k small \"$0\" && \"$@\"; status=$?; ls -A \"$0\"; exit $status",
                                     folder.path().string()};
    auto trial = command;
    trial.emplace_back("true");
    if (process{trial}.wait() != 0) {
        WARN("this system does not let us mount a disk; the test is skipped");
        return;
    }
    const auto backup = backup_command(server.database(), folder / "copy.db");
    command.insert(command.end(), backup.begin(), backup.end());
    const auto refused = run(command);
    CHECK(refused.status == 1);
    CHECK(refused.err.find("free some space") != std::string::npos);
    CHECK(refused.out.empty()); // no files are left on the disk

    auto limited = backup_command(server.database(), folder / "copy.db");
    limited.insert(limited.begin(), {"prlimit", "--fsize=20000"}); // simulates a disk that becomes full
    const auto failed = run(limited);
    CHECK(failed.status == 1);
    CHECK(failed.err.find("cannot be written") != std::string::npos);
    CHECK(files_in(folder.path()).empty());
    CHECK(server.http().get("/readyz").status == 200);
    server.stop();
}

TEST_CASE("a backup of a database that does not exist, or over a file that exists, ends with status 1 and advice") {
    running_server server;
    const temporary_directory folder;
    const auto absent = back_up(folder / "absent.db", folder / "copy.db");
    CHECK(absent.status == 1);
    CHECK(absent.err.find("storage.path") != std::string::npos);

    std::ofstream{folder / "copy.db"} << "mine";
    const auto existing = back_up(server.database(), folder / "copy.db");
    CHECK(existing.status == 1);
    CHECK(existing.err.find("--force") != std::string::npos);
    CHECK(files_in(folder.path()) == std::set<std::string>{"copy.db"});

    auto forced = backup_command(server.database(), folder / "copy.db");
    forced.emplace_back("--force");
    CHECK(run(forced).status == 0);
    CHECK(check(folder / "copy.db").status == 0);
    server.stop();
}

TEST_CASE("`atrium check` reports an event key that has queued deliveries but none that is ready, with SQL that repairs this") {
    running_server server{{R"(modules.enabled=["users"])"}};
    const auto user = server.create_user("ann"); // its event waits for the module orders, which does not run
    server.stop();
    const auto healthy = check(server.database());
    CHECK(healthy.status == 0);
    CHECK(healthy.out.find("the journal is consistent\n") != std::string::npos);

    run_sql(server.database(),
            "INSERT OR IGNORE INTO events_subscription (name, topics, began) VALUES ('orders.user_names', 'users.#', 0);"
            "INSERT INTO events_delivery (subscription, seq, place, key, priority, state)"
            " SELECT s.id, l.seq, l.seq, l.key, l.priority, 'queued' FROM events_log AS l, events_subscription AS s"
            " WHERE s.name = 'orders.user_names'");
    const auto damaged = check(server.database());
    CHECK(damaged.status == 1);
    const auto finding = server.database().string() + ": journal: sleeping key: orders.user_names, key user/1, seq 1\n";
    CHECK(damaged.out.find(finding) != std::string::npos);
    const auto begin = damaged.out.find("\nsqlite3 \"");
    REQUIRE(begin != std::string::npos);
    const auto statement = damaged.out.find("\" \"", begin) + 3;
    run_sql(server.database(), damaged.out.substr(statement, damaged.out.find('"', statement) - statement));
    CHECK(check(server.database()).status == 0);
}
