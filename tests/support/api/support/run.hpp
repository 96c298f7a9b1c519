#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace atrium::support {

/// Contexts that are reused and never destroyed before the end of the process: a thread that posts to a context may still use
/// it after the posted function has run. Any thread.
class context_pool {
public:
    static context_pool& instance() {
        static context_pool all;
        return all;
    }

    std::unique_ptr<asio::io_context> take() {
        const std::lock_guard lock{mutex_};
        if (free_.empty())
            return std::make_unique<asio::io_context>(1);
        auto one = std::move(free_.back());
        free_.pop_back();
        return one;
    }
    void give_back(std::unique_ptr<asio::io_context> one) {
        const std::lock_guard lock{mutex_};
        free_.push_back(std::move(one));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<asio::io_context>> free_;
};

/// Runs a coroutine to its end on the calling thread.
template <class T>
T run(awaitable<T> work) {
    auto here = context_pool::instance().take();
    auto done = asio::co_spawn(*here, std::move(work), asio::use_future);
    here->run();
    here->restart();
    context_pool::instance().give_back(std::move(here));
    return done.get();
}

} // namespace atrium::support
