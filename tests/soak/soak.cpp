#include "faults.hpp"

#include <support/catch.hpp>
#include <support/eventually.hpp>
#include <support/order_load.hpp>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// Places orders on two processes at a steady rate for a long time, and causes a fault every ten seconds. At the end, no event
// may be lost, and no order may be counted twice.
//
// Environment: ATRIUM_SOAK_MINUTES (default 30), ATRIUM_SOAK_SEED (default random; the same seed gives the same plan),
// ATRIUM_SOAK_FAULTS (names separated by commas; default all faults after which no event has to be sent again).

namespace {

using namespace atrium::soak;
using namespace std::chrono_literals;
using atrium::support::acknowledged_changes;
using atrium::support::eventually;
using atrium::support::order_load;
using std::chrono::steady_clock;

constexpr auto fault_interval = 10s;
// This makes about 246 requests a second. 10 of 100 create users and 9 remove orders, so about 200 orders a second are placed.
constexpr order_load::pace pace{.clients = 16, .interval = 65ms};

std::string environment(const char* name, std::string default_value) {
    const char* const value = std::getenv(name);
    return value && *value ? value : std::move(default_value);
}

/// Returns the faults that ATRIUM_SOAK_FAULTS lists, or all after which no event has to be sent again.
std::vector<const fault*> chosen_faults() {
    std::istringstream names{environment("ATRIUM_SOAK_FAULTS", "")};
    std::vector<const fault*> chosen;
    for (std::string name; std::getline(names, name, ',');) {
        const auto found = std::ranges::find(all_faults(), name, &fault::name);
        if (found == all_faults().end())
            throw std::invalid_argument{"there is no fault " + name};
        chosen.push_back(&*found);
    }
    if (chosen.empty())
        for (const auto& each : all_faults())
            if (!each.drops_events)
                chosen.push_back(&each);
    return chosen;
}

struct planned_fault {
    const fault* kind;
    bool hits_users; ///< whether it strikes the users process; if not, it strikes the orders process
    dice::result_type seed;
};

/// Returns a plan that contains each fault once in a random order, then each one again in another random order, and so on.
std::vector<planned_fault> make_plan(std::vector<const fault*> faults, std::size_t length, dice& d) {
    std::vector<planned_fault> plan;
    while (plan.size() < length) {
        for (auto i = faults.size(); i > 1; --i) // not std::shuffle, whose result differs between libraries
            std::swap(faults[i - 1], faults[d() % i]);
        for (const auto* each : faults)
            plan.push_back({each, d() % 2 == 0, d()});
    }
    plan.resize(length);
    return plan;
}

void print_progress(steady_clock::time_point begin, const std::string& text) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - begin).count();
    std::cout << std::setw(3) << seconds / 60 << ':' << std::setfill('0') << std::setw(2) << seconds % 60 << std::setfill(' ')
              << "  " << text << std::endl;
}

/// Restarts servers that have ended, which only a fault with `may_end_a_server` may cause.
void restart_servers(scene& s, const fault& cause, steady_clock::time_point begin) {
    for (auto* each : {&s.users(), &s.orders()}) {
        if (each->server().process().runs())
            continue;
        const auto status = each->server().process().wait();
        INFO(each->name() << " ended with status " << status << " after " << cause.name << "; its log:\n"
                          << each->server().log());
        REQUIRE(cause.may_end_a_server);
        CHECK(status == 1);
        print_progress(begin, each->name() + " ended and is started again");
        each->server().start();
    }
}

/// Prints the last log lines of the servers, to show why the soak failed.
void show_logs(scene& s) {
    constexpr std::size_t max_shown = 8000; // bytes
    for (auto* each : {&s.users(), &s.orders()}) {
        const auto log = each->server().log();
        std::cout << "the end of the log of " << each->name() << ":\n"
                  << log.substr(log.size() - std::min(log.size(), max_shown)) << std::endl;
    }
}

/// Checks that new orders are counted before the next fault, although the broker has dropped events.
void check_recovered(scene& s, dice::result_type seed) {
    const auto user = s.users().server().create_user("recovered-" + std::to_string(seed));
    for (int i = 0; i < 3; ++i)
        s.orders().server().place_order(user.username, "tea");
    eventually([&] { return s.users().server().find(user).order_count == 3; });
}

void strike_all(scene& s, const std::vector<planned_fault>& plan, order_load& load, steady_clock::time_point begin) {
    auto next = begin + fault_interval;
    for (const auto& [kind, hits_users, seed] : plan) {
        std::this_thread::sleep_until(next);
        next = std::max(next + fault_interval, steady_clock::now());
        auto& target = hits_users ? s.users() : s.orders();
        print_progress(begin, kind->name + " (" + target.name() + "), " + std::to_string(load.placed()) + " orders so far");
        INFO("fault: " << kind->name << " of " << target.name());
        dice d{seed};
        kind->strike(s, target, d);
        restart_servers(s, *kind, begin);
        load.expect_orders(20);
        if (kind->drops_events)
            check_recovered(s, seed);
    }
}

} // namespace

TEST_CASE("under load and repeated faults no event is lost and no order is counted twice") {
    const auto minutes = std::stoul(environment("ATRIUM_SOAK_MINUTES", "30"));
    const auto seed = std::stoul(environment("ATRIUM_SOAK_SEED", std::to_string(std::random_device{}())));
    std::cout << "soak of " << minutes << " minutes, seed " << seed << std::endl;
    INFO("seed " << seed);
    dice d{static_cast<dice::result_type>(seed)};
    const auto plan = make_plan(chosen_faults(), minutes * 60 / fault_interval.count(), d);

    scene s;
    const auto begin = steady_clock::now();
    order_load load{s.users().port(), s.orders().port(), d(), pace};
    try {
        strike_all(s, plan, load, begin);
    } catch (...) {
        show_logs(s);
        throw;
    }
    const std::chrono::duration<double> length = steady_clock::now() - begin;
    const auto unanswered = load.unanswered();
    const auto acknowledged = load.end();

    for (auto* each : {&s.users(), &s.orders()})
        each->time().shift(0s);
    print_progress(begin, "all faults are over; waiting until every event is handled");
    eventually([&] { return s.is_at_rest(); }, 300s);
    if (std::ranges::any_of(plan, [](const planned_fault& each) { return each.kind->drops_events; }))
        eventually([&] { return is_every_order_counted(s.users().server(), s.orders().server()); }, 300s);
    check_nothing_lost(s.users().server(), s.orders().server(), acknowledged);
    s.orders().server().stop();
    s.users().server().stop();

    std::ostringstream summary;
    summary << acknowledged.placed.size() << " orders acknowledged, " << std::fixed << std::setprecision(0)
            << static_cast<double>(acknowledged.placed.size()) / length.count() << " a second; " << acknowledged.refused.size()
            << " requests refused with 503, " << unanswered << " without a response; the result of the checks:";
    print_progress(begin, summary.str());
}
