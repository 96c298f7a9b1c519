#include <support/catch.hpp>
#include <support/held_port.hpp>
#include <support/order_load.hpp>
#include <support/running_server.hpp>

#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <thread>

using namespace atrium::support;

namespace {

int round_count() {
    const char* const text = std::getenv("ATRIUM_CRASH_ROUNDS"); // a longer run: ATRIUM_CRASH_ROUNDS=2000
    return text ? std::atoi(text) : 50;
}

} // namespace

TEST_CASE("kill -9 under load loses no acknowledged change, and every order is counted exactly once") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 dice{seed};
    const held_port port; // clients of the killed server must not reach another program
    running_server server{{"http.port=" + std::to_string(port.number())}};
    acknowledged_changes acknowledged;

    for (int round = 0; round < round_count(); ++round) {
        INFO("round " << round);
        order_load load{server.port(), server.port(), dice()};
        std::this_thread::sleep_for(std::chrono::milliseconds{20 + dice() % 200}); // the moment is random on purpose
        server.kill();
        acknowledged.add(load.end());

        server.start();
        eventually([&] { return server.is_quiet(); });
        check_nothing_lost(server, server, acknowledged);
    }
    CHECK(acknowledged.placed.size() > static_cast<std::size_t>(round_count()));
    CHECK(acknowledged.refused.empty());
    WARN(round_count() << " kills, " << acknowledged.users.size() << " users and " << acknowledged.placed.size()
                       << " orders acknowledged, none lost");
    server.stop();
}
