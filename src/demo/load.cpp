#include "api_client.hpp"
#include "goods.hpp"

#include <base/json_writer.hpp>
#include <demo/load.hpp>

#include <boost/system/system_error.hpp>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace atrium::demo {
namespace {

using namespace std::chrono_literals;
using boost::beast::http::verb;

constexpr std::size_t client_count = 4;     // number of clients that create users and orders at the same time
constexpr auto pause_after_failure = 200ms; // when the server does not answer, for example because it is stopping
constexpr unsigned unavailable = 503;
constexpr std::size_t max_pause = 400; // milliseconds between two requests of the light load

/// Sleeps for `time`, or until an end is requested.
void sleep(const std::stop_token& end, std::chrono::milliseconds time) {
    std::mutex mutex;
    std::condition_variable_any changed;
    std::unique_lock lock{mutex};
    changed.wait_for(lock, end, time, [] { return false; });
}

std::string user_json(const std::string& name, const std::string& email) {
    std::string text;
    json_writer{text}.begin_object().key("username").value(name).key("email").value(email).end_object();
    return text;
}

std::string order_json(const std::string& name, std::string_view product, std::size_t quantity) {
    std::string text;
    json_writer{text}
        .begin_object()
        .key("username")
        .value(name)
        .key("product_name")
        .value(product)
        .key("quantity")
        .value(static_cast<std::int64_t>(quantity))
        .end_object();
    return text;
}

/// The status of the response, or `unavailable` if there is no response.
template <class Send>
unsigned attempt(Send send) {
    try {
        return send();
    } catch (const boost::system::system_error&) {
        return unavailable;
    }
}

/// Acts like a person who reads lists, places orders, and sometimes makes a mistake.
class visitor {
public:
    visitor(std::uint16_t port, load_size size) : http_{port}, size_{size}, last_order_{size.orders} {}

    void act() {
        switch (pick(12)) {
        case 0:
        case 1: http_.send(verb::get, "/users/?limit=20&sort=-id"); break;
        case 2:
        case 3: http_.send(verb::get, "/users/" + std::to_string(pick(size_.users) + 1)); break;
        case 4: http_.send(verb::get, "/orders/?limit=50"); break;
        case 5:
        case 6:
        case 7: place_order(); break;
        case 8: http_.send(verb::patch, some_order(), R"({"status":"fulfilled"})"); break;
        case 9: http_.send(verb::post, "/graphql/", query); break;
        case 10: http_.send(verb::get, "/users/" + std::to_string(size_.users * 1'000 + pick(100))); break; // 404
        default: http_.send(verb::post, "/users/", user_json("", "no address")); break;                     // 422
        }
    }

    [[nodiscard]] std::chrono::milliseconds pause() { return std::chrono::milliseconds{pick(max_pause)}; }

private:
    static constexpr const char* query = R"({"query":"{ users(first: 10) { edges { node { username orderCount )"
                                         R"(orders(last: 1) { edges { node { productName } } } } } } }"})";

    [[nodiscard]] std::size_t pick(std::size_t count) { return random_numbers_() % count; }

    [[nodiscard]] std::string some_order() { return "/orders/" + std::to_string(pick(last_order_) + 1); }

    void place_order() {
        const auto status =
            http_.send(verb::post, "/orders/", order_json(username(pick(size_.users)), product(pick(10'000)), pick(5) + 1));
        if (status == 201)
            ++last_order_;
    }

    api_client http_;
    const load_size size_;
    std::size_t last_order_;
    std::mt19937 random_numbers_{1}; // the same load each time
};

} // namespace

load::load(std::uint16_t port, load_size size, logger log, std::function<void()> on_created)
    : port_{port}, size_{size}, log_{std::move(log)}, on_created_{std::move(on_created)},
      thread_{[this](const std::stop_token& end) { run(end); }} {}

load::~load() = default;

void load::run(const std::stop_token& end) {
    create_users(end);
    create_orders(end);
    if (!end.stop_requested())
        on_created_();
    keep_using(end);
}

void load::create_users(const std::stop_token& end) {
    create_all(end, size_.users, [](api_client& http, std::size_t number) {
        const auto name = username(number);
        return http.send(verb::post, "/users/", user_json(name, name + "@example.com"));
    });
}

void load::create_orders(const std::stop_token& end) {
    create_all(end, size_.orders, [this](api_client& http, std::size_t number) {
        return http.send(verb::post, "/orders/",
                         order_json(username(number * 7 % size_.users), product(number), number % 5 + 1));
    });
}

/// Calls `create` for each number below `count`, on several threads. `create` returns the status of the response. It is called
/// again with the same number if the server does not answer or is overloaded.
template <class Create>
void load::create_all(const std::stop_token& end, std::size_t count, Create create) {
    std::atomic<std::size_t> next = 0;
    std::vector<std::jthread> threads;
    threads.reserve(client_count);
    for (std::size_t i = 0; i < client_count; ++i)
        threads.emplace_back([&] {
            api_client http{port_};
            for (auto number = next++; number < count && !end.stop_requested();) {
                const auto status = attempt([&] { return create(http, number); });
                if (status == unavailable) {
                    sleep(end, pause_after_failure);
                    continue;
                }
                if (status != 201)
                    log_.warning("a record of the demonstration was refused", {{"status", status}, {"number", number}});
                number = next++;
            }
        });
}

void load::keep_using(const std::stop_token& end) {
    visitor someone{port_, size_};
    while (!end.stop_requested()) {
        auto pause = someone.pause();
        try {
            someone.act();
        } catch (const boost::system::system_error&) {
            pause = pause_after_failure;
        }
        sleep(end, pause);
    }
}

} // namespace atrium::demo
