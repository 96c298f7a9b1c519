// Tests with clients that repeat each request with its idempotency key until they have a response, while connections break and
// the server is killed.
#include <support/catch.hpp>
#include <support/database_inspector.hpp>
#include <support/held_port.hpp>
#include <support/raw_client.hpp>
#include <support/running_server.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace atrium::support;
using boost::json::value;

namespace {

constexpr int client_count = 4;

int round_count() {
    const char* const text = std::getenv("ATRIUM_CRASH_ROUNDS"); // a longer run: ATRIUM_CRASH_ROUNDS=2000
    return text ? std::atoi(text) : 50;
}

/// How a client creates orders with idempotency keys through one interface of the server, and how the effects are checked.
struct interface {
    std::string path;
    int success; ///< the status of a successful response
    value (*body_for)(const std::string& key);
    std::string sql_of_effects; ///< selects the product names of all orders; each name contains the key of its request
    std::string sql_of_records; ///< selects the product names of the orders whose creation is recorded under a key
};

const interface rest{.path = "/orders/",
                     .success = 201,
                     .body_for = [](const std::string& key) { return value{{"username", "ann"}, {"product_name", key}}; },
                     .sql_of_effects = "SELECT product_name FROM orders_order ORDER BY 1",
                     .sql_of_records = "SELECT key FROM idempotency_request WHERE status = 201 ORDER BY 1"};

/// A mutation with two fields, each of which has a commit of its own.
const interface graphql{.path = "/graphql/",
                        .success = 200,
                        .body_for =
                            [](const std::string& key) {
                                const auto order = [&](const std::string& alias) {
                                    return alias + ": createOrder(input: {username: \"ann\", productName: \"" + key + "-" +
                                           alias + "\"}) { id createdAt } ";
                                };
                                return value{{"query", "mutation { " + order("a") + order("b") + "}"}};
                            },
                        .sql_of_effects = "SELECT product_name FROM orders_order ORDER BY 1",
                        .sql_of_records =
                            "SELECT key || '-' || field FROM idempotency_request JOIN idempotency_field ON request = id"
                            " UNION ALL SELECT key || '-a' FROM idempotency_request WHERE status = 200"
                            " UNION ALL SELECT key || '-b' FROM idempotency_request WHERE status = 200 ORDER BY 1"};

/// Sends one request after the other, each with a key of its own, and repeats each one until it has a response.
class repeating_client {
public:
    repeating_client(const interface& i, std::uint16_t port, std::string name, std::uint_fast32_t seed)
        : interface_{i}, port_{port}, name_{std::move(name)}, dice_{seed} {}

    /// Sends requests until `is_running` is false. The last one may be left without a response.
    void run(const std::atomic<bool>& is_running) {
        while (is_running)
            if (send_current())
                repeat_and_begin_next();
    }

    /// Sends the current request until it has a response. The server must be running.
    void finish() {
        while (!send_current())
            std::this_thread::yield();
        repeat_and_begin_next();
    }

    std::vector<std::string> unexpected{}; ///< descriptions of responses that the server must not send
    std::size_t completed = 0;
    std::size_t replayed = 0; ///< requests that were executed by an attempt whose response the client did not receive

private:
    [[nodiscard]] std::string key() const { return name_ + "-" + std::to_string(number_); }

    /// Returns the response if it is a success. Returns null after any other response, and if the connection broke (sometimes
    /// this client closes it).
    std::optional<answer> send() {
        try {
            raw_client http{port_};
            const auto body = boost::json::serialize(interface_.body_for(key()));
            http.send("POST " + interface_.path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
                      "Idempotency-Key: " + key() + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
            if (dice_() % 4 == 0)
                return std::nullopt;
            auto received = http.read_answer();
            if (received.status == interface_.success && received.body.find("\"errors\"") == std::string::npos)
                return received;
            if (received.status != 409 &&
                received.status != 503) // 409 means that the request is running, 503 that the server is stopping
                unexpected.push_back(key() + ": " + std::to_string(received.status) + " " + received.body);
        } catch (const std::runtime_error&) { // no response, so the outcome is unknown
        }
        return std::nullopt;
    }

    bool send_current() {
        const auto received = send();
        if (received)
            body_ = received->body;
        if (received && !received->header("idempotency-replayed").empty())
            ++replayed;
        return received.has_value();
    }

    /// Repeats the current request, which has a response. Checks that the second response is the same, and begins the next
    /// request.
    void repeat_and_begin_next() {
        if (const auto second = send(); second && (second->body != body_ || second->header("idempotency-replayed") != "true"))
            unexpected.push_back(key() + " has two responses: " + body_ + " and " + second->body);
        ++number_;
        ++completed;
    }

    const interface& interface_;
    const std::uint16_t port_;
    const std::string name_;
    std::mt19937 dice_;
    int number_ = 1;
    std::string body_;
};

/// Lets the clients send requests for this duration, and then kills the server.
void work_until_killed(running_server& server, std::vector<repeating_client>& all_clients, std::chrono::milliseconds duration) {
    std::atomic<bool> is_running = true;
    std::vector<std::thread> threads;
    for (auto& each : all_clients)
        threads.emplace_back([&] { each.run(is_running); });
    std::this_thread::sleep_for(duration);
    server.kill();
    is_running = false;
    for (auto& each : threads)
        each.join();
}

void check_exactly_once(running_server& server, const interface& i) {
    database_inspector database{server.database()};
    const auto effects = database.column(i.sql_of_effects);
    CHECK(std::ranges::adjacent_find(effects) == effects.end());
    CHECK(effects == database.column(i.sql_of_records));
}

} // namespace

TEST_CASE("requests that are repeated with their idempotency key after broken connections and kill -9 take effect once and "
          "have one response") {
    const auto& tested = GENERATE(rest, graphql);
    const auto seed = std::random_device{}();
    INFO(tested.path << ", seed " << seed);
    std::mt19937 dice{seed};
    const held_port port; // clients of the killed server must not reach another program
    running_server server{{"http.port=" + std::to_string(port.number())}};
    server.create_user("ann");
    std::vector<repeating_client> all_clients;
    for (int i = 0; i < client_count; ++i)
        all_clients.emplace_back(tested, server.port(), "client" + std::to_string(i), dice());

    for (int round = 0; round < round_count(); ++round) {
        INFO("round " << round);
        work_until_killed(server, all_clients, std::chrono::milliseconds{5 + dice() % 60}); // random on purpose
        server.start();
        check_exactly_once(server, tested);
    }
    std::size_t completed = 0;
    std::size_t replayed = 0;
    for (auto& each : all_clients) {
        each.finish();
        CHECK(each.unexpected == std::vector<std::string>{});
        completed += each.completed;
        replayed += each.replayed;
    }
    check_exactly_once(server, tested);
    CHECK(completed > static_cast<std::size_t>(round_count()));
    CHECK(replayed > 0);
    WARN(round_count() << " kills, " << completed << " requests to " << tested.path << " complete, " << replayed
                       << " of them by a repetition");
    server.stop();
}
