#pragma once

#include <base/awaitable.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace atrium::support {

/// Keeps `io_context` objects for reuse until the end of the process. They must not be destroyed earlier, because a thread that
/// posts to a context may still use the context after the posted function has run. Any thread.
class context_pool {
public:
    static context_pool& instance() {
        static context_pool pool;
        return pool;
    }

    std::unique_ptr<asio::io_context> take() {
        const std::lock_guard lock{mutex_};
        if (free_.empty())
            return std::make_unique<asio::io_context>(1);
        auto context = std::move(free_.back());
        free_.pop_back();
        return context;
    }
    void give_back(std::unique_ptr<asio::io_context> context) {
        const std::lock_guard lock{mutex_};
        free_.push_back(std::move(context));
    }

private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<asio::io_context>> free_;
};

/// Runs a coroutine to its end on the calling thread.
template <class T>
T run(awaitable<T> work) {
    auto context = context_pool::instance().take();
    auto future = asio::co_spawn(*context, std::move(work), asio::use_future);
    context->run();
    context->restart();
    context_pool::instance().give_back(std::move(context));
    return future.get();
}

} // namespace atrium::support
