#include "server/handshake_turns.hpp"

#include <support/catch.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <memory>
#include <string>
#include <vector>

using namespace atrium;
using namespace atrium::http;

namespace {

using place = handshake_turns::place;

/// A handshake that waits in the line of its address. It keeps its place until the test resets `own_place`.
struct handshake {
    handshake(asio::io_context& context, handshake_turns& turns, address_group address)
        : own_place{std::make_unique<place>(turns, address, context.get_executor())} {
        asio::co_spawn(context, wait(), asio::detached);
    }
    awaitable<> wait() {
        co_await own_place->wait_for_turn();
        has_turn = true;
    }
    std::unique_ptr<place> own_place;
    bool has_turn = false;
};

constexpr address_group one{1};
constexpr address_group two{2};

} // namespace

TEST_CASE("one handshake of each address runs at a time, and the others follow in order") {
    asio::io_context context{1};
    handshake_turns turns;
    handshake first{context, turns, one};
    handshake second{context, turns, one};
    handshake third{context, turns, one};
    handshake other{context, turns, two};
    context.poll();
    CHECK((first.has_turn && other.has_turn));
    CHECK_FALSE((second.has_turn || third.has_turn));
    first.own_place.reset();
    context.poll();
    CHECK(second.has_turn);
    CHECK_FALSE(third.has_turn);
    second.own_place.reset();
    context.poll();
    CHECK(third.has_turn);
}

TEST_CASE("a handshake runs immediately if no earlier one of its address is left") {
    asio::io_context context{1};
    handshake_turns turns;
    {
        const place only{turns, one, context.get_executor()};
    }
    handshake next{context, turns, one};
    context.poll();
    CHECK(next.has_turn);
}
