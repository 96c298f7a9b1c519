#include <support/catch.hpp>
#include <support/client.hpp>
#include <support/database_inspector.hpp>
#include <support/eventually.hpp>
#include <support/order_load.hpp>

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>

namespace atrium::support {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::milliseconds retry_pause{5}; // the pause between attempts while a server is down

/// A prefix for usernames that no other client of this program uses.
std::string new_prefix() {
    static std::atomic<int> number = 0;
    return "u" + std::to_string(++number) + "-";
}

} // namespace

void acknowledged_changes::add(const acknowledged_changes& other) {
    users.insert(other.users.begin(), other.users.end());
    placed.insert(other.placed.begin(), other.placed.end());
    removed.insert(other.removed.begin(), other.removed.end());
    confirmed_removed.insert(other.confirmed_removed.begin(), other.confirmed_removed.end());
    refused.insert(refused.end(), other.refused.begin(), other.refused.end());
    unknown.insert(unknown.end(), other.unknown.begin(), other.unknown.end());
    unexpected.insert(unexpected.end(), other.unexpected.begin(), other.unexpected.end());
}

/// One client of the load.
class order_load::customer {
public:
    customer(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, acknowledged_changes& changes)
        : users_port_{users_port}, orders_port_{orders_port}, dice_{seed}, changes_{changes} {}

    /// Sends one request, chosen at random. Returns whether an order was placed. Throws if the server does not respond.
    bool act() {
        if (usernames_.empty() || dice_() % 10 == 0)
            create_user();
        else if (!order_ids_.empty() && dice_() % 10 == 0)
            remove_order();
        else
            return place_order();
        return false;
    }

    void reconnect() {
        users_http_ = client{users_port_};
        orders_http_ = client{orders_port_};
    }

private:
    void create_user() {
        const auto name = prefix_ + std::to_string(++last_name_);
        const auto response = send(users_http_, 201, "POST", "/users/",
                                   R"({"username":")" + name + R"(","email":")" + name + R"(@example.com"})");
        if (response.status != 201)
            return;
        changes_.users.insert(response.json().at("user").at("id").as_int64());
        usernames_.push_back(name);
    }

    bool place_order() {
        const auto& name = usernames_[dice_() % usernames_.size()];
        const auto response =
            send(orders_http_, 201, "POST", "/orders/", R"({"username":")" + name + R"(","product_name":"tea"})");
        if (response.status != 201)
            return false;
        order_ids_.push_back(response.json().at("order").at("id").as_int64());
        changes_.placed.insert(order_ids_.back());
        return true;
    }

    /// Sends DELETE at most once for each order, because without a response it is unknown whether the order has been deleted.
    void remove_order() {
        std::swap(order_ids_[dice_() % order_ids_.size()], order_ids_.back());
        const auto id = order_ids_.back();
        order_ids_.pop_back();
        changes_.removed.insert(id);
        if (send(orders_http_, 204, "DELETE", "/orders/" + std::to_string(id), {}).status == 204)
            changes_.confirmed_removed.insert(id);
    }

    reply send(client& http, int success, std::string_view method, const std::string& target, const std::string& body) {
        const auto begin = steady_clock::now();
        auto answer = http.send(method, target, body, {{"Content-Type", "application/json"}});
        if (answer.status == 503)
            changes_.refused.push_back({begin, steady_clock::now()});
        else if (answer.status == 500 && answer.body.find("it is not known whether the change was kept") != std::string::npos)
            changes_.unknown.push_back({begin, steady_clock::now()});
        else if (answer.status != success)
            changes_.unexpected.push_back(std::string{method} + " " + target + ": " + answer.body);
        return answer;
    }

    const std::uint16_t users_port_;
    const std::uint16_t orders_port_;
    const std::string prefix_ = new_prefix();
    std::mt19937 dice_;
    acknowledged_changes& changes_;
    client users_http_{users_port_};
    client orders_http_{orders_port_};
    std::vector<std::string> usernames_;
    std::vector<std::int64_t> order_ids_;
    int last_name_ = 0;
};

order_load::order_load(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed, pace p)
    : interval_{p.interval}, changes_(p.clients) {
    std::mt19937 dice{seed};
    for (auto& changes : changes_)
        threads_.emplace_back(&order_load::work, this, users_port, orders_port, dice(), std::ref(changes));
}

order_load::~order_load() {
    (void)end();
}

void order_load::expect_orders(std::size_t number) const {
    const auto placed_before = placed();
    eventually([&] { return placed() >= placed_before + number; });
}

acknowledged_changes order_load::end() {
    is_running_ = false;
    for (auto& thread : threads_)
        thread.join();
    threads_.clear();
    acknowledged_changes all;
    for (const auto& changes : changes_)
        all.add(changes);
    changes_.clear();
    return all;
}

void order_load::work(std::uint16_t users_port, std::uint16_t orders_port, std::uint_fast32_t seed,
                      acknowledged_changes& changes) {
    customer load_client{users_port, orders_port, seed, changes};
    while (is_running_) {
        const auto next_request = steady_clock::now() + interval_;
        try {
            if (load_client.act())
                ++placed_;
            std::this_thread::sleep_until(next_request);
        } catch (const boost::system::system_error&) { // without a response the outcome is unknown
            ++unanswered_;
            load_client.reconnect();
            std::this_thread::sleep_for(retry_pause);
        }
    }
}

namespace {

/// The number of orders that users has counted for each user that has any.
std::map<std::int64_t, std::int64_t> orders_counted(database_inspector& users) {
    return users.numbers("SELECT id, order_count FROM users_account WHERE order_count <> 0");
}

/// The number of stored orders of each user that has any.
std::map<std::int64_t, std::int64_t> orders_placed(database_inspector& orders) {
    return orders.numbers("SELECT user_id, count(*) FROM orders_order GROUP BY user_id");
}

/// Returns a line for each user whose orders were not counted exactly once.
std::string list_wrong_counts(const std::map<std::int64_t, std::int64_t>& counted,
                              const std::map<std::int64_t, std::int64_t>& placed) {
    const auto number_of = [](const auto& numbers, std::int64_t user) {
        const auto found = numbers.find(user);
        return found == numbers.end() ? 0 : found->second;
    };
    std::set<std::int64_t> users;
    for (const auto* each : {&counted, &placed})
        for (const auto& [user, number] : *each)
            users.insert(user);
    std::string text;
    for (const auto user : users)
        if (number_of(counted, user) != number_of(placed, user))
            text += "\nuser " + std::to_string(user) + ": counted " + std::to_string(number_of(counted, user)) + ", placed " +
                    std::to_string(number_of(placed, user));
    return text.empty() ? " none" : text;
}

/// Lists the events about orders that the journal of the orders process has and that of the users process lacks, each on a line
/// with its data.
std::string list_lost_events(database_inspector& users, database_inspector& orders) {
    const auto received = users.column("SELECT id FROM events_log WHERE topic LIKE 'orders.%'");
    const std::set<std::string> received_ids{received.begin(), received.end()};
    std::string text;
    for (const auto& each :
         orders.column("SELECT id || ' ' || topic || ' at ' || datetime(time / 1000, 'unixepoch') || ' ' || data"
                       " FROM events_log WHERE topic LIKE 'orders.%' ORDER BY seq"))
        if (!received_ids.contains(each.substr(0, each.find(' '))))
            text += "\n" + each;
    return text.empty() ? " none" : text;
}

} // namespace

bool is_every_order_counted(running_server& users_process, running_server& orders_process) {
    database_inspector users{users_process.database()};
    database_inspector orders{orders_process.database()};
    return orders_counted(users) == orders_placed(orders);
}

void check_nothing_lost(running_server& users_process, running_server& orders_process, const acknowledged_changes& changes) {
    for (auto* each : {&users_process, &orders_process})
        CHECK(each->http().get("/readyz").json().at("bus").at("dead_letters") == 0);
    database_inspector users{users_process.database()};
    database_inspector orders{orders_process.database()};
    for (auto* each : {&users, &orders})
        CHECK(each->column("PRAGMA integrity_check") == std::vector<std::string>{"ok"});
    CHECK(changes.unexpected == std::vector<std::string>{});

    const auto accounts = users.ids("SELECT id FROM users_account");
    const auto stored_orders = orders.ids("SELECT id FROM orders_order");
    CHECK(std::ranges::includes(accounts, changes.users));
    std::set<std::int64_t> must_be_stored;
    std::ranges::set_difference(changes.placed, changes.removed, std::inserter(must_be_stored, must_be_stored.end()));
    CHECK(std::ranges::includes(stored_orders, must_be_stored));
    CHECK(std::ranges::none_of(changes.confirmed_removed, [&](auto id) { return stored_orders.contains(id); }));

    const auto counted = orders_counted(users);
    const auto placed = orders_placed(orders);
    INFO("users whose orders were lost or counted twice:" << list_wrong_counts(counted, placed));
    INFO("events that were lost:" << list_lost_events(users, orders));
    CHECK(counted == placed);
    // There is one event for each order that has ever been stored, including orders that were removed.
    CHECK(orders.column("SELECT count(*) FROM events_log WHERE topic = 'orders.order_created'") ==
          orders.column("SELECT (SELECT seq FROM sqlite_sequence WHERE name = 'orders_order')"));
}

} // namespace atrium::support
