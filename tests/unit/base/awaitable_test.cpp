#include <base/awaitable.hpp>
#include <support/captured_stderr.hpp>
#include <support/catch.hpp>

#include <boost/asio/post.hpp>

#include <stdexcept>

namespace atrium {
namespace {

awaitable<> fail_later() {
    co_await asio::post(use_awaitable);
    throw std::runtime_error{"the cable is out"};
}

awaitable<> count(int& runs) {
    co_await asio::post(use_awaitable);
    ++runs;
}

} // namespace

TEST_CASE("an exception of a background task is logged with the name of the task") {
    const support::captured_stderr capture;
    asio::io_context context{1};
    spawn_logged(context.get_executor(), fail_later(), logger{{}, "base"}, "watching the cable");
    context.run();

    CHECK(capture.text().find("error base: a background task failed task=\"watching the cable\" reason=\"the cable is out\"") !=
          std::string::npos);
}

TEST_CASE("a background task runs to its end") {
    const support::captured_stderr capture;
    int runs = 0;
    asio::io_context context{1};
    spawn_logged(context.get_executor(), count(runs), logger{{}, "base"}, "counting");
    context.run();

    CHECK(runs == 1);
    CHECK(capture.text().empty());
}

} // namespace atrium
