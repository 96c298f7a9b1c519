#include <support/split_with_broker.hpp>

#include <atomic>
#include <map>
#include <random>
#include <thread>

// Users and orders stopped, killed and started again, in any order and under load: no event is lost, none is counted twice.

namespace {

using namespace atrium::support;

const std::vector<std::string> customers{"ann", "bob", "cid"};

/// Places orders, and takes some back, until it is told to stop or its server is gone. What was acknowledged, by id: whether it
/// must be there.
void work(std::uint16_t port, std::uint32_t seed, const std::atomic<bool>& go_on, std::map<std::int64_t, bool>& is_there) {
    std::mt19937 dice{seed};
    try {
        client http{port};
        while (go_on) {
            if (!is_there.empty() && dice() % 8 == 0) {
                const auto id = is_there.rbegin()->first;
                is_there[id] = false; // gone, or on its way
                if (http.remove("/orders/" + std::to_string(id)).status >= 500)
                    return;
                continue;
            }
            const auto made =
                http.post("/orders/", {{"username", customers[dice() % customers.size()]}, {"product_name", "tea"}});
            if (made.status == 201)
                is_there[made.json().at("order").at("id").as_int64()] = true;
        }
    } catch (const boost::system::system_error&) { // killed: what was not answered is unknown
    }
}

void end(running_server& one, bool in_order) {
    if (in_order)
        one.stop();
    else
        one.kill();
}

/// Ends both or one of them, in one order or the other, and starts what was ended in one order or the other.
void disturb(split_with_broker& servers, std::mt19937& dice) {
    auto* first = &servers.users_process();
    auto* second = &servers.orders_process();
    if (dice() % 2 == 0)
        std::swap(first, second);
    end(*first, dice() % 2 == 0);
    const bool both = dice() % 2 == 0;
    if (both)
        end(*second, dice() % 2 == 0);
    if (both && dice() % 2 == 0)
        std::swap(first, second);
    first->start();
    if (both)
        second->start();
}

} // namespace

TEST_CASE("users and orders ended in any order and any way, under load, lose no event and count none twice") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 dice{seed};
    split_with_broker servers;
    for (const auto& name : customers)
        servers.create_user(name);

    std::size_t acknowledged = 0;
    for (int round = 0; round < 12; ++round) {
        INFO("round " << round);
        std::atomic<bool> go_on = true;
        std::vector<std::map<std::int64_t, bool>> told(3);
        std::vector<std::thread> clients;
        for (auto& each : told)
            clients.emplace_back(work, servers.orders_process().port(), dice(), std::cref(go_on), std::ref(each));
        std::this_thread::sleep_for(std::chrono::milliseconds{50 + dice() % 200}); // the moment is random on purpose
        disturb(servers, dice);
        go_on = false;
        for (auto& each : clients)
            each.join();

        std::map<std::int64_t, order> there;
        for (auto& each : servers.orders())
            there.emplace(each.id, each);
        for (const auto& each : told)
            for (const auto& [id, is_there] : each) {
                ++acknowledged;
                if (is_there)
                    CHECK(there.contains(id));
            }
    }
    CHECK(acknowledged > 0);

    eventually([&] { return servers.is_quiet(); });
    std::map<std::string, std::int64_t> counts;
    for (const auto& each : servers.orders())
        ++counts[each.user];
    for (const auto& each : servers.users())
        CHECK(each.order_count == counts[each.username]);
    for (auto* process : {&servers.users_process(), &servers.orders_process()})
        CHECK(process->http().get("/readyz").json().at("bus").at("dead_letters") == 0);
    WARN(acknowledged << " orders acknowledged, none lost, none counted twice");
}
