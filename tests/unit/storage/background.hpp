#pragma once

#include "fixture.hpp"

#include <support/run.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>

#include <future>
#include <memory>
#include <thread>
#include <utility>

namespace atrium::storage {

/// A thread that runs an io_context, as a worker of the server does.
class background {
public:
    background() : guard_{context_->get_executor()}, thread_{[this] { context_->run(); }} {}
    ~background() {
        guard_.reset();
        thread_.join();
        context_->restart();
        support::context_pool::instance().give_back(std::move(context_)); // the writer may still use the context
    }
    background(const background&) = delete;
    background& operator=(const background&) = delete;

    /// Starts a coroutine. The future gets the coroutine's value or exception.
    template <class T>
    std::future<T> start(awaitable<T> work) {
        return start(std::move(work), asio::cancellation_slot{});
    }

    template <class T>
    std::future<T> start(awaitable<T> work, asio::cancellation_slot slot) {
        auto promise = std::make_shared<std::promise<T>>();
        auto future = promise->get_future();
        auto deliver = [promise](std::exception_ptr failure, T value) {
            if (failure)
                promise->set_exception(failure);
            else
                promise->set_value(std::move(value));
        };
        asio::co_spawn(*context_, std::move(work), asio::bind_cancellation_slot(slot, std::move(deliver)));
        return future;
    }

    [[nodiscard]] std::thread::id thread() const { return thread_.get_id(); }
    [[nodiscard]] asio::io_context& context() { return *context_; }

private:
    std::unique_ptr<asio::io_context> context_ = support::context_pool::instance().take();
    asio::executor_work_guard<executor> guard_;
    std::thread thread_;
};

/// Holds the writer inside a function until `release`, so that a test controls which writes wait.
class held_writer {
public:
    held_writer(background& worker, const store& store) {
        outcome_ = worker.start(store.write(
            [this](transaction&) -> result<int> {
                entered_.set_value();
                released_.get_future().wait();
                return 0;
            },
            write_priority::internal));
        entered_.get_future().wait();
    }
    ~held_writer() { release(); }
    held_writer(const held_writer&) = delete;
    held_writer& operator=(const held_writer&) = delete;

    void release() {
        if (!outcome_.valid())
            return;
        released_.set_value();
        outcome_.get();
    }

private:
    std::promise<void> entered_;
    std::promise<void> released_;
    std::future<result<int>> outcome_;
};

} // namespace atrium::storage
