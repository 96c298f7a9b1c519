#include "fixture.hpp"

#include <events/topic_pattern.hpp>

#include <random>

using namespace atrium;
using namespace atrium::events::rabbitmq;

// Tests that Atrium and the broker match topics and patterns with the same result.

namespace {

constexpr std::size_t queue_count = 250;
constexpr std::size_t keys_per_round = 250;

/// Joins up to six words of the vocabulary with dots. The vocabularies are small, so that many topics match, and include the
/// empty word, which AMQP allows.
std::string random_words(std::mt19937& dice, const std::vector<std::string>& vocabulary) {
    std::string text;
    for (auto words = 1 + dice() % 6; words > 0; --words)
        text.append(vocabulary[dice() % vocabulary.size()]).append(words > 1 ? "." : "");
    return text;
}

std::string queue_number(std::size_t i) {
    return "q" + std::to_string(i);
}

/// Sends one message for each routing key through the exchange, and then a last message to each queue. When the last message of
/// a queue arrives, all others of this queue have arrived. Element [q][k] of the result is true if pattern `q` matches routing
/// key `k`.
std::vector<std::vector<bool>> route_by_broker(broker_connection& c, const std::vector<std::string>& keys) {
    constexpr std::string_view last = "last";
    for (std::size_t k = 0; k < keys.size(); ++k)
        c.publish("x", keys[k], {.message_id = std::to_string(k), .body = "."});
    for (std::size_t q = 0; q < queue_count; ++q)
        c.publish("", queue_number(q), {.message_id = std::string{last}, .body = "."});

    std::vector routes(queue_count, std::vector<bool>(keys.size()));
    std::uint64_t newest = 0;
    const auto deadline = from_now(60s);
    for (std::size_t ended = 0; ended < queue_count;) {
        REQUIRE(std::chrono::steady_clock::now() < deadline);
        c.wait(1s, false);
        while (auto arrival = c.take()) {
            const auto* d = std::get_if<incoming::delivery>(&*arrival);
            if (!d)
                continue; // a message that was not routed to any queue
            newest = std::max(newest, d->tag);
            const auto q = std::stoul(d->consumer.substr(1));
            if (d->content.message_id == last)
                ++ended;
            else
                routes[q][std::stoul(d->content.message_id)] = true;
        }
    }
    c.acknowledge(newest);
    return routes;
}

} // namespace

TEST_CASE("thousands of random patterns match the same routing keys in Atrium and at the broker") {
    const auto seed = std::random_device{}();
    INFO("seed " << seed);
    std::mt19937 dice{seed};
    const vhost_fixture p;
    plain_connection client{p.url};
    auto& c = client.connection;
    c.declare_exchange("x");
    c.set_prefetch(65'535); // more than any queue contains in this test
    for (std::size_t q = 0; q < queue_count; ++q) {
        c.declare_queue(queue_number(q), broker_connection::queue_kind::plain);
        c.consume(queue_number(q), queue_number(q));
    }

    std::size_t matches = 0;
    std::vector<std::string> patterns(queue_count);
    for (int round = 0; round < 8; ++round) {
        for (std::size_t q = 0; q < queue_count; ++q) {
            if (round > 0)
                c.unbind(queue_number(q), "x", patterns[q]);
            patterns[q] = random_words(dice, {"a", "b", "c", "*", "*", "#", ""});
            c.bind(queue_number(q), "x", patterns[q]);
        }
        std::vector<std::string> keys(keys_per_round);
        for (auto& key : keys)
            key = random_words(dice, {"a", "b", "c", "a", "b", "c", ""});

        const auto routes = route_by_broker(c, keys);
        for (std::size_t q = 0; q < queue_count; ++q) {
            const events::topic_pattern pattern{patterns[q]};
            for (std::size_t k = 0; k < keys.size(); ++k) {
                matches += routes[q][k];
                if (pattern.matches(keys[k]) != routes[q][k])
                    FAIL_CHECK("pattern \"" << patterns[q] << "\", key \"" << keys[k] << "\": the broker finds "
                                            << (routes[q][k] ? "a match" : "no match"));
            }
        }
    }
    CHECK(matches > 10'000);
}
