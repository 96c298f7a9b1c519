#include "server/eviction_order.hpp"

#include <support/catch.hpp>

#include <utility>

namespace atrium::http {
namespace {

using namespace std::chrono_literals;
using event = connection_event;

const deadlines limits{.idle = 60s, .header = 10s, .body = 30s, .handler = 30s, .write = 30s, .drain = 1s};
const connection_fsm::time_point start{100s};

std::optional<eviction_standing> standing_after(std::initializer_list<event> events, std::chrono::seconds offset = 0s) {
    connection_fsm machine{limits};
    for (const auto each : events)
        (void)machine.advance(each, start + offset);
    return standing_of(machine);
}

eviction_candidate candidate(std::uint64_t serial, eviction_standing standing) {
    return {.place = 0, .serial = serial, .standing = standing};
}

/// Takes the candidates of the address in `filter`, or without a filter all candidates, and returns their serial numbers.
std::vector<std::uint64_t> take_all(eviction_order& order, eviction_order::address_filter filter = {}) {
    std::vector<std::uint64_t> serials;
    while (const auto next = order.take(filter))
        serials.push_back(next->serial);
    return serials;
}

} // namespace

TEST_CASE("a connection that receives a body, runs a handler or sends a response is not closed for a new one") {
    CHECK_FALSE(standing_after({}));
    CHECK_FALSE(standing_after({event::wait_for_body}));
    CHECK_FALSE(standing_after({event::begin_answer}));
    CHECK_FALSE(standing_after({event::begin_answer, event::end_answer, event::begin_stream}));
    CHECK_FALSE(standing_after({event::begin_write}));
    CHECK_FALSE(standing_after({event::close}));
}

TEST_CASE("idle connections are closed before those that wait for a header, each group in the order of its deadlines") {
    std::vector<eviction_candidate> all{
        candidate(1, *standing_after({event::wait_for_header})),
        candidate(2, *standing_after({event::wait_for_request}, 2s)),
        candidate(3, *standing_after({event::wait_for_header}, -5s)),
        candidate(4, *standing_after({event::wait_for_request}, 1s)),
        candidate(5, *standing_after({event::wait_for_request}, 3s)),
    };
    eviction_order order;
    order.fill({}, all);
    CHECK(take_all(order) == std::vector<std::uint64_t>{4, 2, 5, 3, 1});
}

TEST_CASE("a connection that has sent its last response is closed before all others") {
    std::vector<eviction_candidate> all{
        candidate(1, *standing_after({event::wait_for_request}, -30s)),
        candidate(2, *standing_after({event::begin_linger})),
    };
    eviction_order order;
    order.fill({}, all);
    CHECK(take_all(order) == std::vector<std::uint64_t>{2, 1});
}

TEST_CASE("an eviction order keeps only the first 64 candidates, and returns each of them once") {
    std::vector<eviction_candidate> all;
    for (std::uint64_t i = 1000; i-- > 0;)
        all.push_back(candidate(i, {eviction_rank::idle, start + std::chrono::seconds{i}}));
    eviction_order order;
    order.fill({}, all);
    const auto serials = take_all(order);
    REQUIRE(serials.size() == eviction_order::max_kept);
    for (std::uint64_t i = 0; i < serials.size(); ++i)
        CHECK(serials[i] == i);
    CHECK_FALSE(order.take({}));
}

TEST_CASE("the candidates of one address are not returned for another address") {
    std::vector<eviction_candidate> all{candidate(1, {eviction_rank::idle, start})};
    eviction_order order;
    order.fill(address_group{1}, all);
    CHECK_FALSE(order.take(address_group{2}));
    CHECK_FALSE(order.take({}));
    CHECK(take_all(order, address_group{1}) == std::vector<std::uint64_t>{1});
}

TEST_CASE("until it is renewed, an eviction order remembers for which addresses no candidates were found") {
    std::vector<eviction_candidate> none;
    eviction_order order;
    CHECK_FALSE(order.would_find_none({}));
    order.fill(address_group{1}, none);
    CHECK(order.would_find_none(address_group{1}));
    CHECK_FALSE(order.would_find_none(address_group{2}));
    CHECK_FALSE(order.would_find_none({}));
    order.fill({}, none);
    CHECK(order.would_find_none({}));
    CHECK(order.would_find_none(address_group{2}));
    order.renew();
    CHECK_FALSE(order.would_find_none({}));
    CHECK_FALSE(order.would_find_none(address_group{1}));
}

} // namespace atrium::http
