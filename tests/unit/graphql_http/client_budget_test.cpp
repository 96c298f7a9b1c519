// Tests of the computing budget of a client, with a clock that the test controls.
#include "client_budget.hpp"

#include <support/catch.hpp>

#include <boost/asio/ip/address.hpp>

#include <memory>
#include <optional>

namespace atrium::graphql_http {
namespace {

using namespace std::chrono_literals;
using limit = client_budget::limit;
using boost::asio::ip::make_address;

const client_budget::clock::time_point start{1h};
const budget_settings small{.connection = 50ms, .connection_burst = 1000ms, .address = 100ms, .address_burst = 2000ms};
const budget_settings addresses_only{.connection = 0ms, .address = 100ms, .address_burst = 2000ms};
constexpr std::uint64_t seed = 1;

/// One connection of a client.
class client {
public:
    client(client_budget& budget, http::address_group address, client_budget::use use = client_budget::use::requests)
        : budget_{budget}, account_{std::make_shared<http::client_account>(http::client_account{.address = address})},
          use_{use} {}
    client(client_budget& budget, const char* address, client_budget::use use = client_budget::use::requests)
        : client{budget, http::group_of(make_address(address)), use} {}

    std::optional<client_budget::refusal> refuse(client_budget::clock::time_point now = start) {
        return budget_.refuse(payer(), now);
    }
    std::optional<limit> exceeded(client_budget::clock::time_point now = start) {
        const auto why = refuse(now);
        return why ? std::optional{why->exceeded} : std::nullopt;
    }
    client_budget::clock::duration wait_of_subscription() { return budget_.wait_of_subscription(payer(), start); }
    bool charge(client_budget::clock::duration computed, client_budget::clock::time_point now = start) {
        return budget_.charge(payer(), computed, now);
    }

private:
    client_budget::payer payer() { return budget_.payer_of(account_, use_); }

    client_budget& budget_;
    std::shared_ptr<http::client_account> account_;
    client_budget::use use_;
};

TEST_CASE("a subscription leaves a tenth of the budget to other operations of its client") {
    client_budget budget{small, seed};
    client user{budget, "192.0.2.1"};
    CHECK(user.charge(800ms));
    CHECK(user.wait_of_subscription() == 0ms);
    CHECK(user.charge(150ms));
    CHECK(user.wait_of_subscription() == 1s); // the time until another 50 ms are available
    CHECK_FALSE(user.refuse());
}

TEST_CASE("a connection that has used up its budget is refused until some of it is available again") {
    client_budget budget{small, seed};
    client user{budget, "192.0.2.1"};
    CHECK(user.charge(900ms));
    CHECK_FALSE(user.refuse());
    CHECK(user.charge(200ms));
    const auto why = user.refuse();
    REQUIRE(why);
    CHECK(why->exceeded == limit::connection);
    CHECK(why->wait == 2s);
    CHECK(user.refuse(start + 1900ms));
    CHECK_FALSE(user.refuse(start + 2100ms));
}

TEST_CASE("the connections of one address share its budget, and those of other addresses do not") {
    client_budget budget{small, seed};
    client connections[]{client{budget, "192.0.2.1"}, client{budget, "192.0.2.1"}, client{budget, "192.0.2.1"}};
    for (auto& each : connections)
        CHECK(each.charge(700ms));
    for (auto& each : connections)
        CHECK(each.exceeded() == limit::address);
    CHECK(client{budget, "192.0.2.1"}.exceeded() == limit::address);
    CHECK(client{budget, "::ffff:192.0.2.1"}.exceeded() == limit::address);
    CHECK_FALSE(client{budget, "192.0.2.2"}.exceeded());
    CHECK_FALSE(client{budget, "192.0.2.1"}.exceeded(start + 1100ms));
}

TEST_CASE("an IPv6 network of 64 bits has one budget") {
    client_budget budget{addresses_only, seed};
    client user{budget, "2001:db8::1"};
    (void)user.charge(3s);
    CHECK(client{budget, "2001:db8::ffff:1"}.exceeded() == limit::address);
    CHECK_FALSE(client{budget, "2001:db8:0:1::1"}.exceeded());
}

TEST_CASE("running operations must stop once their client has overdrawn its budget by a second") {
    client_budget budget{addresses_only, seed};
    client user{budget, "192.0.2.1"};
    client other{budget, "192.0.2.1"};
    CHECK(user.charge(2500ms));
    CHECK(other.charge(400ms));
    CHECK_FALSE(other.charge(200ms));
    CHECK_FALSE(user.charge(1ms));
    CHECK(user.charge(1ms, start + 3s));
}

TEST_CASE("a client that computes less than its rate is never refused") {
    client_budget budget{small, seed};
    client steady{budget, "192.0.2.1"};
    for (int second = 0; second < 1000; ++second)
        CHECK((!steady.refuse(start + second * 1s) && steady.charge(49ms, start + second * 1s)));
}

TEST_CASE("in the long run, a client may compute as long as its rate and burst allow, and no longer") {
    client_budget budget{addresses_only, seed};
    client greedy{budget, "192.0.2.1"};
    auto used = 0ms;
    for (auto elapsed = 0ms; elapsed < 100s; elapsed += 10ms) {
        if (greedy.refuse(start + elapsed))
            continue;
        (void)greedy.charge(10ms, start + elapsed);
        used += 10ms;
    }
    CHECK(used >= 100 * 100ms);
    CHECK(used <= 2s + 100 * 100ms + 10ms);
}

TEST_CASE("if all rates are 0, no client is refused") {
    client_budget budget{{.connection = 0ms, .address = 0ms}, seed};
    client user{budget, "192.0.2.1"};
    CHECK(user.charge(1h));
    CHECK_FALSE(user.refuse());
}

TEST_CASE("HTTP requests from a shared network have no budget, but each WebSocket from there has one") {
    client_budget budget{small, seed};
    for (const auto* gateway : {"127.0.0.1", "10.1.2.3", "192.168.7.7", "::1", "fd00::1", "::ffff:172.16.0.9"}) {
        client requests{budget, gateway};
        CHECK(requests.charge(1h));
        CHECK_FALSE(requests.refuse());
        client socket{budget, gateway, client_budget::use::operations};
        CHECK_FALSE(socket.charge(1h));
        CHECK(socket.exceeded() == limit::connection);
        CHECK_FALSE(client{budget, gateway, client_budget::use::operations}.refuse());
    }
}

TEST_CASE("the setting shared_networks lists the networks whose HTTP requests have no budget") {
    auto s = small;
    s.shared_networks = {"192.0.2.0/24"};
    client_budget budget{s, seed};
    client network{budget, "192.0.2.77"};
    client local{budget, "127.0.0.1"};
    (void)network.charge(1h);
    (void)local.charge(1h);
    CHECK_FALSE(network.refuse());
    CHECK(local.refuse());
}

TEST_CASE("no budget limits a client without an account") {
    client_budget budget{small, seed};
    const auto unknown = budget.payer_of(nullptr, client_budget::use::operations);
    CHECK(budget.charge(unknown, 1h, start));
    CHECK_FALSE(budget.refuse(unknown, start));
}

TEST_CASE("if there is not enough room for the budgets of all addresses, those with the highest use are remembered") {
    client_budget budget{addresses_only, seed, 1};
    client debtor{budget, "192.0.2.1"};
    (void)debtor.charge(10s);
    for (int i = 0; i < 10'000; ++i) {
        client passing{budget, http::address_group{0x2001'0db8'0000'0000U + static_cast<unsigned>(i)}};
        (void)passing.charge(1ms);
    }
    CHECK(debtor.exceeded() == limit::address);
}

TEST_CASE("an address whose budget is full again gives up its place in the table of budgets to another address") {
    client_budget budget{addresses_only, seed, 1};
    for (unsigned i = 0; i < address_buckets::places_in_set; ++i) {
        client early{budget, http::address_group{i + 1}};
        (void)early.charge(3s);
    }
    client late{budget, "192.0.2.2"};
    const auto later = start + 1min;
    (void)late.charge(3s, later);
    CHECK(late.exceeded(later) == limit::address);
}

} // namespace
} // namespace atrium::graphql_http
