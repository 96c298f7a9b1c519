#include <base/notification.hpp>
#include <support/catch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <exception>

namespace atrium {
namespace {

awaitable<> wait_once(notification& changed, int& awake) {
    co_await changed.wait();
    ++awake;
}

awaitable<> wait_forever(notification& changed, int& awake) {
    for (;; ++awake)
        co_await changed.wait();
}

} // namespace

TEST_CASE("a notification resumes all coroutines that wait for it, but none that begins to wait afterwards") {
    asio::io_context context{1};
    notification changed{context.get_executor()};
    int awake = 0;
    for (int i = 0; i < 2; ++i)
        asio::co_spawn(context, wait_once(changed, awake), asio::detached);
    context.poll();
    CHECK(awake == 0);

    changed.notify();
    asio::co_spawn(context, wait_once(changed, awake), asio::detached);
    context.poll();
    CHECK(awake == 2);

    changed.notify();
    context.poll();
    CHECK(awake == 3);
}

TEST_CASE("a coroutine that is cancelled while it waits is resumed, and stops at its next wait") {
    asio::io_context context{1};
    notification changed{context.get_executor()};
    asio::cancellation_signal stop;
    int awake = 0;
    bool has_thrown = false;
    const auto note = [&](const std::exception_ptr& failure) { has_thrown = failure != nullptr; };
    asio::co_spawn(context, wait_forever(changed, awake), asio::bind_cancellation_slot(stop.slot(), note));
    context.poll();

    stop.emit(asio::cancellation_type::terminal);
    context.poll();
    CHECK(awake == 1);
    CHECK(has_thrown);
}

} // namespace atrium
