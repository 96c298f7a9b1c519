#include <base/turn.hpp>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>

namespace atrium {

awaitable<> turn::give_way() {
    if (std::chrono::steady_clock::now() - began_ < longest)
        co_return;
    co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
    began_ = std::chrono::steady_clock::now();
}

} // namespace atrium
