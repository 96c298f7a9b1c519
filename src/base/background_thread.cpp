#include <base/background_thread.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>

#include <pthread.h>

#include <utility>

namespace atrium {

void background_thread::run_before_start(awaitable<> work) {
    auto done = asio::co_spawn(context_, std::move(work), asio::use_future);
    context_.run();
    context_.restart();
    done.get();
}

void background_thread::start(const char* name) {
    keep_running_.emplace(context_.get_executor());
    thread_ = std::thread{[this, name] {
        pthread_setname_np(pthread_self(), name);
        context_.run();
    }};
}

void background_thread::stop(std::function<void()> end_work) {
    if (!thread_.joinable())
        return;
    asio::post(context_, [this, end_work = std::move(end_work)] {
        end_work();
        keep_running_.reset();
    });
    thread_.join();
}

} // namespace atrium
