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

/// Waits in a line, and keeps its first place until the test removes it.
struct handshake {
    handshake(asio::io_context& context, handshake_turns& all, address_group address)
        : own{std::make_unique<place>(all, address, context.get_executor())} {
        asio::co_spawn(context, wait(), asio::detached);
    }
    awaitable<> wait() {
        co_await own->wait_for_turn();
        has_turn = true;
    }
    std::unique_ptr<place> own;
    bool has_turn = false;
};

constexpr address_group one{1};
constexpr address_group two{2};

} // namespace

TEST_CASE("one handshake of each address runs at a time, and the others follow in order") {
    asio::io_context context{1};
    handshake_turns all;
    handshake first{context, all, one};
    handshake second{context, all, one};
    handshake third{context, all, one};
    handshake other{context, all, two};
    context.poll();
    CHECK((first.has_turn && other.has_turn));
    CHECK_FALSE((second.has_turn || third.has_turn));
    first.own.reset();
    context.poll();
    CHECK(second.has_turn);
    CHECK_FALSE(third.has_turn);
    second.own.reset();
    context.poll();
    CHECK(third.has_turn);
}

TEST_CASE("a line ends with its last place, and the next place begins a new line") {
    asio::io_context context{1};
    handshake_turns all;
    {
        const place only{all, one, context.get_executor()};
    }
    handshake next{context, all, one};
    context.poll();
    CHECK(next.has_turn);
}
