#include "core/replay_line.hpp"

#include <support/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>

#include <vector>

using namespace atrium;
using events::replay_line;

namespace {

/// Reads until its time is used up. Notes `number` when it begins to read, and `-number` when it ends.
awaitable<> read_once(replay_line& line, int number, std::vector<int>& notes) {
    replay_line::place place{line};
    co_await place.reach_front();
    notes.push_back(number);
    while (!place.is_over())
        ;
    notes.push_back(-number);
}

} // namespace

TEST_CASE("readers in a replay line read one after the other, and other work on the thread runs in between") {
    asio::io_context loop{1};
    replay_line line{loop.get_executor()};
    std::vector<int> notes;
    for (int number = 1; number <= 4; ++number)
        asio::co_spawn(loop, read_once(line, number, notes), asio::detached);
    int turns = 0;
    std::function<void()> other = [&] {
        ++turns;
        if (notes.size() < 8)
            asio::post(loop, other);
    };
    asio::post(loop, other);
    loop.run();
    CHECK(notes == std::vector<int>{1, -1, 2, -2, 3, -3, 4, -4});
    CHECK(turns > 4);
}

TEST_CASE("a reader that is cancelled while it waits in line is skipped") {
    asio::io_context loop{1};
    replay_line line{loop.get_executor()};
    std::vector<int> notes;
    asio::cancellation_signal stop;
    asio::co_spawn(loop, read_once(line, 1, notes), asio::detached);
    asio::co_spawn(loop, read_once(line, 2, notes), asio::bind_cancellation_slot(stop.slot(), [](std::exception_ptr) {}));
    asio::co_spawn(loop, read_once(line, 3, notes), asio::detached);
    asio::post(loop, [&] { stop.emit(asio::cancellation_type::terminal); });
    loop.run();
    CHECK(notes == std::vector<int>{1, -1, 3, -3});
}
