#include <support/order_load.hpp>
#include <support/split_with_broker.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <thread>

// Tests that no event is lost or counted twice if users and orders are stopped, killed and started again in any order while
// clients place orders.

namespace {

using namespace atrium::support;
using std::chrono::steady_clock;

int round_count() {
    const char* const text = std::getenv("ATRIUM_SPLIT_ROUNDS"); // a longer run: ATRIUM_SPLIT_ROUNDS=500
    return text ? std::atoi(text) : 12;
}

void sleep_up_to(std::chrono::milliseconds max, std::mt19937& dice) { // the duration is random on purpose
    std::this_thread::sleep_for(max * static_cast<double>(dice()) / static_cast<double>(std::mt19937::max()));
}

void stop_or_kill(running_server& server, bool is_stop) {
    if (is_stop)
        server.stop();
    else
        server.kill();
}

/// Ends one or both processes in random order and starts them again in random order. Returns the periods in which orders may be
/// refused. If the users process was ended, this is one period, from before the first end until all processes have started
/// again. Otherwise there is none.
std::vector<interval> disturb(split_with_broker& servers, std::mt19937& dice) {
    auto* first = &servers.users_process();
    auto* second = &servers.orders_process();
    if (dice() % 2 == 0)
        std::swap(first, second);
    const bool both = dice() % 2 == 0;
    const bool includes_users = both || first == &servers.users_process();

    interval period{steady_clock::now(), {}};
    stop_or_kill(*first, dice() % 2 == 0);
    if (both) {
        sleep_up_to(std::chrono::milliseconds{100}, dice);
        stop_or_kill(*second, dice() % 2 == 0);
    }
    sleep_up_to(std::chrono::milliseconds{300}, dice);
    if (both && dice() % 2 == 0)
        std::swap(first, second);
    first->start();
    if (both) {
        sleep_up_to(std::chrono::milliseconds{100}, dice);
        second->start();
    }
    period.end = steady_clock::now();
    return includes_users ? std::vector{period} : std::vector<interval>{};
}

} // namespace

TEST_CASE(
    "the users and orders processes lose no event and count none twice if they stop or are killed in any sequence under load") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 dice{seed};
    split_with_broker servers;
    acknowledged_changes acknowledged;

    for (int round = 0; round < round_count(); ++round) {
        INFO("round " << round);
        order_load load{servers.users_process().port(), servers.orders_process().port(), dice()};
        load.expect_orders(1);
        sleep_up_to(std::chrono::milliseconds{200}, dice);
        const auto users_absences = disturb(servers, dice);
        load.expect_orders(20);
        const auto changes = load.end();
        CHECK(std::ranges::all_of(changes.refused, [&](const interval& each) {
            return std::ranges::any_of(users_absences, [&](const interval& absence) { return absence.overlaps(each); });
        }));
        acknowledged.add(changes);

        eventually([&] { return servers.is_quiet(); });
        check_nothing_lost(servers.users_process(), servers.orders_process(), acknowledged);
    }
    WARN(round_count() << " rounds from seed " << seed << ", " << acknowledged.placed.size() << " orders acknowledged, "
                       << acknowledged.refused.size() << " refused with 503; none lost, none counted twice");
    servers.stop();
}
