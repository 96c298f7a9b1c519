#include "answers.hpp"

#include <support/database_inspector.hpp>
#include <support/held_port.hpp>
#include <support/order_load.hpp>
#include <support/running_server.hpp>

#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>
#include <random>
#include <thread>

// Tests failures of the environment: full disks, folders that cannot be written, a stop during a request.

namespace {

using namespace atrium::support;

/// Runs `atrium serve`, which must end with status 1, and returns what it writes to standard error.
std::string refusal(std::vector<std::string> command) {
    process server{command};
    const auto status = server.wait();
    INFO(server.err());
    CHECK(status == 1);
    return server.err();
}

std::vector<std::string> serve_with(const std::string& database) {
    return {atrium_program(), "serve", "--set", "http.port=0", "--set", "storage.path=" + database};
}

/// The first part of a request; the rest is sent later.
constexpr std::string_view half_an_order = "POST /orders/ HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                                           "Content-Length: 40\r\n\r\n{\"username\":\"ann\",";
constexpr std::string_view other_half = "\"product_name\":\"tea\" }";

/// A file system of 4 MiB in a mount namespace of the server, so that only the server sees it. This needs no privileges if the
/// kernel allows user namespaces. The test accesses the file system through the server's /proc entry.
class small_disk {
public:
    [[nodiscard]] std::string database() const { return (folder_ / "atrium.db").string(); }

    [[nodiscard]] std::vector<std::string> wrapper() const {
        return {"unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs -o size=4m tmpfs \"$0\" && exec \"$@\"",
                folder_.path().string()};
    }

    [[nodiscard]] bool can_be_mounted() const {
        auto command = wrapper();
        command.emplace_back("true");
        return process{command}.wait() == 0;
    }

    void fill(const process& server) const {
        std::ofstream ballast{ballast_path(server), std::ios::binary};
        const std::string block(4096, 'x');
        while (ballast.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
        }
    }
    void free_space(const process& server) const { std::filesystem::remove(ballast_path(server)); }

private:
    [[nodiscard]] std::filesystem::path ballast_path(const process& server) const {
        return "/proc/" + std::to_string(server.id()) + "/root" + (folder_ / "ballast").string();
    }

    temporary_directory folder_;
};

} // namespace

TEST_CASE("a data folder that cannot be written aborts the start, and the message names it") {
    temporary_directory folder;
    const auto locked = folder / "locked";
    std::filesystem::create_directory(locked);
    std::filesystem::permissions(locked, std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);

    auto command = serve_with((locked / "data" / "atrium.db").string());
    if (::geteuid() == 0) // root may write to every folder, so another user runs the server
        command.insert(command.begin(),
                       {"setpriv", "--reuid=65534", "--clear-groups", "--bounding-set=-all", "--inh-caps=-all"});
    std::filesystem::permissions(folder.path(), std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    std::filesystem::permissions(locked, std::filesystem::perms::others_exec, std::filesystem::perm_options::add);
    CHECK(refusal(command).find((locked / "data").string()) != std::string::npos);
}

TEST_CASE("a data folder that is a file aborts the start, and the message names it") {
    CHECK(refusal(serve_with("/dev/null/data/atrium.db")).find("/dev/null") != std::string::npos);
}

TEST_CASE("a request of which only a part has arrived when the server gets SIGTERM is still answered") {
    running_server server{{"http.threads=1"}};
    server.create_user("ann");
    client slow{server.port()};
    slow.write(half_an_order);
    client idle{server.port()};
    REQUIRE(idle.get("/livez").status == 200); // by now the only worker has read the first part of the order

    server.process().signal(SIGTERM);
    CHECK(idle.is_closed()); // the stop has begun
    slow.write(other_half);
    const auto answer = slow.read();
    CHECK(answer.status == 201);
    CHECK(answer.header("Connection") == "close");
    CHECK(server.process().wait() == 0);

    server.start();
    CHECK(server.orders().size() == 1);
}

TEST_CASE("a server that stops while clients write loses no acknowledged change") {
    running_server server;
    server.create_user("ann");
    std::vector<std::size_t> acknowledged(4);
    {
        std::vector<std::jthread> writers;
        for (auto& count : acknowledged)
            writers.emplace_back([&count, port = server.port()] {
                try {
                    for (client http{port};; ++count)
                        if (http.post("/orders/", {{"username", "ann"}, {"product_name", "tea"}}).status != 201)
                            return;
                } catch (const boost::system::system_error&) { // the server has stopped
                }
            });
        eventually([&] { return server.orders().size() > 50; });
        server.stop();
    }
    std::size_t total = 0;
    for (const auto count : acknowledged)
        total += count;

    server.start();
    CHECK(server.orders().size() >= total);
    CHECK(server.orders().size() <= total + acknowledged.size()); // each client may have missed the response to one order
}

TEST_CASE("while the disk is full, changes are refused and nothing is lost, and with free space everything works again") {
    small_disk disk;
    if (!disk.can_be_mounted()) {
        WARN("this system does not let us mount a small disk; the test is skipped");
        return;
    }
    running_server server{{"storage.path=" + disk.database()}, disk.wrapper()};
    server.create_user("ann");
    server.place_order("ann", "tea");

    disk.fill(server.process());
    reply refused;
    std::size_t acknowledged = 1;
    eventually([&] { // repeated, because free space inside the database is used first
        refused = server.http().post("/orders/", {{"username", "ann"}, {"product_name", "milk"}});
        acknowledged += refused.status == 201;
        return refused.status != 201;
    });
    INFO(server.log());
    CHECK(refused.status == 503);
    check_problem(refused, refused.status);
    CHECK(server.orders().size() == acknowledged); // reads still work

    disk.free_space(server.process());
    eventually([&] { return server.http().post("/orders/", {{"username", "ann"}, {"product_name", "milk"}}).status == 201; });
    CHECK(server.orders().size() == acknowledged + 1);
    eventually([&] { return server.users().front().order_count == static_cast<std::int64_t>(acknowledged) + 1; });
    server.stop();
}

TEST_CASE(
    "a server whose database file is removed, moved, replaced or in a renamed folder answers 503 and ends with status 1") {
    namespace fs = std::filesystem;
    const std::string accident = GENERATE("removed", "moved", "replaced", "folder renamed");
    const bool gets_signal = GENERATE(false, true);
    INFO(accident << (gets_signal ? ", then stopped" : ""));
    temporary_directory parent;
    const auto folder = parent / "data";
    const auto file = folder / "atrium.db";
    running_server server{{"storage.path=" + file.string()}};
    server.create_user("ann");

    if (accident == "removed") {
        fs::remove(file);
    } else if (accident == "folder renamed") {
        fs::rename(folder, parent / "away");
    } else {
        if (accident == "replaced")
            fs::copy_file(file, parent / "copy.db");
        fs::rename(file, parent / "away.db");
        if (accident == "replaced")
            fs::rename(parent / "copy.db", file);
    }
    const auto begin = std::chrono::steady_clock::now();
    client http{server.port()};
    const auto refused = http.post("/users/", {{"username", "ben"}, {"email", "ben@example.com"}});
    check_problem(refused, 503);
    check_problem(http.get("/users/"), 503);
    const auto ready = http.get("/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.json().at("storage").at("detail").as_string().find("the database file was") == 0);
    CHECK(http.get("/livez").status == 200);
    server.expect_log(" error storage: the database files are not in place");

    if (gets_signal)
        server.process().signal(SIGTERM);
    CHECK(server.process().wait() == 1);
    INFO(server.log());
    // The server ends 5 s after it has noticed that its file is not in place. The test allows 1 s less.
    if (!gets_signal)
        CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::seconds{4});

    if (accident == "folder renamed")
        fs::rename(parent / "away", folder);
    else if (accident != "removed")
        fs::rename(parent / "away.db", file);
    server.start();
    CHECK(server.users().size() == (accident == "removed" ? 0 : 1));
    server.stop();
}

TEST_CASE("a database file that is moved away and back under load loses no acknowledged change") {
    const held_port port;
    running_server server{{"http.port=" + std::to_string(port.number())}};
    acknowledged_changes acknowledged;
    order_load load{server.port(), server.port(), std::random_device{}()};
    const auto away = server.database().string() + ".away";
    for (int round = 0; round < 10; ++round) {
        load.expect_orders(20);
        std::filesystem::rename(server.database(), away);
        eventually([&] { return client{server.port()}.get("/readyz").status == 503; });
        std::filesystem::rename(away, server.database());
        eventually([&] { return client{server.port()}.get("/readyz").status == 200; });
    }
    acknowledged.add(load.end());
    eventually([&] { return server.is_quiet(); });
    check_nothing_lost(server, server, acknowledged);
    CHECK_FALSE(acknowledged.refused.empty());
    server.stop();
}

TEST_CASE(
    "a damaged page of the database is logged once with advice, requests that need the page fail, and /readyz reports it") {
    running_server server;
    for (int i = 0; i < 300; ++i)
        server.create_user("user" + std::to_string(i));
    server.stop();
    {
        database_inspector inspector{server.database()};
        const auto root = *inspector.ids("SELECT rootpage FROM sqlite_schema WHERE name = 'users_account'").begin();
        std::fstream file{server.database(), std::ios::in | std::ios::out | std::ios::binary};
        file.seekp((root - 1) * 4096);
        file << std::string(4096, 'x');
    }
    server.start();
    REQUIRE(server.http().get("/readyz").status == 200);
    for (int i = 0; i < 5; ++i) {
        const auto refused = server.http().post("/users/", {{"username", "new"}, {"email", "new@example.com"}});
        CHECK(refused.status == 503);
        CHECK(refused.body.find("users_account") == std::string::npos);
    }
    const auto ready = server.http().get("/readyz");
    CHECK(ready.status == 503);
    CHECK(ready.body.find("damaged") != std::string::npos);
    CHECK(server.http().get("/livez").status == 200);

    server.expect_log("error storage: the database file is damaged; ");
    const auto log = server.log();
    const auto first = log.find("the database file is damaged");
    CHECK(log.find("the database file is damaged", first + 1) == std::string::npos);
    server.stop();
}

TEST_CASE("changes beyond storage.queue_limit are refused with Retry-After and not stored") {
    running_server server{{"storage.queue_limit=1", "storage.batch_limit=1"}};
    std::atomic<int> acknowledged = 0;
    std::atomic<int> refused = 0;
    std::atomic<int> unexpected = 0;
    std::atomic<bool> is_done = false;
    const auto create_users = [&](int number) {
        client http{server.port()};
        for (int i = 0; !is_done; ++i) {
            const auto name = "user_" + std::to_string(number) + "_" + std::to_string(i);
            const auto answer = http.post("/users/", {{"username", name}, {"email", name + "@example.com"}});
            if (answer.status == 201) {
                ++acknowledged;
            } else if (answer.status == 503 && !answer.header("Retry-After").empty()) {
                ++refused;
            } else {
                ++unexpected;
            }
            is_done = is_done || refused >= 10 || unexpected > 0 || acknowledged >= 50'000;
        }
    };
    {
        std::vector<std::jthread> clients;
        for (int number = 0; number < 16; ++number)
            clients.emplace_back(create_users, number);
    }
    CHECK(refused >= 10);
    CHECK(unexpected == 0);
    CHECK(acknowledged > 0);
    CHECK(static_cast<int>(server.users().size()) == acknowledged);
    server.stop();
}

TEST_CASE("a disk that fails during a commit is reported, and no acknowledged change is lost") {
    // No file may grow beyond 1.5 MB. SQLite does not recognize the error of this limit as a full disk.
    running_server server{{}, {"prlimit", "--fsize=1500000"}};
    server.create_user("ann");
    std::size_t acknowledged = 0;
    std::optional<reply> refused;
    try {
        for (client http{server.port()}; !refused;) {
            auto answer = http.post("/orders/", {{"username", "ann"}, {"product_name", "tea"}});
            if (answer.status == 201)
                ++acknowledged;
            else
                refused = std::move(answer);
        }
    } catch (const boost::system::system_error&) {
        // The server has ended after a failed commit of other work, such as a delivery.
    }
    INFO(server.log());
    CHECK(acknowledged > 0);
    // If it is unknown whether a change is on disk, the server ends on its own. A signal during this stop would act like a
    // second signal and end the server immediately, so none is sent then.
    const bool is_unknown = refused && refused->status == 500;
    if (refused) {
        if (is_unknown)
            server.expect_log("the server must stop");
        else
            CHECK(server.log().find("the server must stop") == std::string::npos);
        CHECK(refused->status == (is_unknown ? 500 : 503));
        check_problem(*refused, refused->status);
    }
    if (refused && !is_unknown)
        server.process().signal(SIGTERM);
    const auto status = server.process().wait();
    CHECK((status == 0 || status == 1));

    server.set_settings({});
    server.start(); // without the limit
    CHECK(server.orders().size() >= acknowledged);
    CHECK(server.orders().size() <= acknowledged + 1); // the last order may be stored without having been acknowledged
    eventually([&] { return server.users().front().order_count == static_cast<std::int64_t>(server.orders().size()); });
    server.place_order("ann", "milk");
}
