#include <support/catch.hpp>
#include <support/running_server.hpp>

#include <boost/json/value.hpp>

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace atrium::support;

namespace {

/// What one client was told while the server lived.
struct acknowledged {
    std::set<std::int64_t> users;
    std::set<std::int64_t> placed;
    std::set<std::int64_t> removed; ///< asked to be removed, whether that was answered or not
    std::set<std::int64_t> surely_removed;

    void add(const acknowledged& other) {
        users.insert(other.users.begin(), other.users.end());
        placed.insert(other.placed.begin(), other.placed.end());
        removed.insert(other.removed.begin(), other.removed.end());
        surely_removed.insert(other.surely_removed.begin(), other.surely_removed.end());
    }
};

/// Makes users, places their orders and takes some back, until the server is gone.
void work_until_it_dies(std::uint16_t port, const std::string& prefix, std::uint32_t seed, acknowledged& told) {
    std::mt19937 dice{seed};
    std::vector<std::string> names;
    std::vector<std::int64_t> orders;
    try {
        client http{port};
        for (int i = 0;; ++i) {
            if (names.empty() || dice() % 10 == 0) {
                const auto name = prefix + std::to_string(i);
                const auto made = http.post("/users/", {{"username", name}, {"email", name + "@example.com"}});
                if (made.status == 201) {
                    told.users.insert(made.json().at("user").at("id").as_int64());
                    names.push_back(name);
                }
            } else if (!orders.empty() && dice() % 10 == 0) {
                const auto id = orders[dice() % orders.size()];
                told.removed.insert(id);
                if (http.remove("/orders/" + std::to_string(id)).status == 204)
                    told.surely_removed.insert(id);
            } else {
                const auto made = http.post("/orders/", {{"username", names[dice() % names.size()]}, {"product_name", "tea"}});
                if (made.status == 201) {
                    orders.push_back(made.json().at("order").at("id").as_int64());
                    told.placed.insert(orders.back());
                }
            }
        }
    } catch (const boost::system::system_error&) {
        // The server has died; what was not answered is unknown.
    }
}

/// Looks into the database beside the server.
class inspector {
public:
    explicit inspector(const std::filesystem::path& file) {
        REQUIRE(sqlite3_open_v2(file.c_str(), &handle_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK);
        sqlite3_busy_timeout(handle_, 10'000);
        sqlite3_db_config(handle_, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    }
    ~inspector() { sqlite3_close(handle_); }
    inspector(const inspector&) = delete;
    inspector& operator=(const inspector&) = delete;

    /// The first column of all rows.
    std::vector<std::string> column(const std::string& sql) {
        sqlite3_stmt* statement = nullptr;
        REQUIRE(sqlite3_prepare_v2(handle_, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
        std::vector<std::string> all;
        int code = SQLITE_ROW;
        while ((code = sqlite3_step(statement)) == SQLITE_ROW)
            all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
        sqlite3_finalize(statement);
        REQUIRE(code == SQLITE_DONE);
        return all;
    }

    std::set<std::int64_t> ids(const std::string& sql) {
        std::set<std::int64_t> all;
        for (const auto& text : column(sql))
            all.insert(std::stoll(text));
        return all;
    }

private:
    sqlite3* handle_ = nullptr;
};

void check_nothing_lost(inspector& database, const acknowledged& told) {
    CHECK(database.column("PRAGMA integrity_check") == std::vector<std::string>{"ok"});

    const auto users = database.ids("SELECT id FROM users_account");
    const auto orders = database.ids("SELECT id FROM orders_order");
    CHECK(std::ranges::includes(users, told.users));
    std::set<std::int64_t> must_be_there;
    std::ranges::set_difference(told.placed, told.removed, std::inserter(must_be_there, must_be_there.end()));
    CHECK(std::ranges::includes(orders, must_be_there));
    CHECK(std::ranges::none_of(told.surely_removed, [&](auto id) { return orders.contains(id); }));

    // Every order has been counted exactly once, also those whose answer never arrived.
    CHECK(database
              .column("SELECT u.id FROM users_account AS u"
                      " WHERE u.order_count <> (SELECT count(*) FROM orders_order AS o WHERE o.user_id = u.id)")
              .empty());
    // Each order has its event, each event its order.
    CHECK(database.column("SELECT count(*) FROM events_log WHERE topic = 'orders.order_created'") ==
          database.column("SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'orders_order')"));
}

int rounds() {
    const char* const asked = std::getenv("ATRIUM_CRASH_ROUNDS"); // a longer run: ATRIUM_CRASH_ROUNDS=2000
    return asked ? std::atoi(asked) : 50;
}

} // namespace

TEST_CASE("kill -9 under load loses nothing that was answered, and every order is counted exactly once") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 dice{seed};
    running_server server;
    acknowledged told;

    for (int round = 0; round < rounds(); ++round) {
        INFO("round " << round);
        std::vector<acknowledged> each(4);
        std::vector<std::thread> clients;
        for (std::size_t i = 0; i < each.size(); ++i)
            clients.emplace_back(work_until_it_dies, server.port(), "u" + std::to_string(round) + "-" + std::to_string(i) + "-",
                                 dice(), std::ref(each[i]));
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + dice() % 200}); // the moment is random on purpose
        server.kill();
        for (auto& c : clients)
            c.join();
        for (const auto& c : each)
            told.add(c);

        server.start();
        eventually([&] { return server.http().get("/readyz").json().at("bus").at("pending").as_int64() == 0; });
        CHECK(server.http().get("/readyz").json().at("bus").at("dead_letters").as_int64() == 0);
        inspector database{server.database()};
        check_nothing_lost(database, told);
    }
    CHECK(told.placed.size() > static_cast<std::size_t>(rounds()));
    WARN(rounds() << " kills, " << told.users.size() << " users and " << told.placed.size() << " orders answered, none lost");
    server.stop();
}
