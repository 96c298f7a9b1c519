#include "core/dispatcher.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>

namespace atrium::events {

dispatcher::~dispatcher() {
    stop(std::chrono::steady_clock::now());
}

void dispatcher::add(std::unique_ptr<runner> r) {
    runners_.push_back(std::move(r));
}

void dispatcher::add(std::unique_ptr<retention> r) {
    retention_ = std::move(r);
}

void dispatcher::add(std::unique_ptr<bulk_worker> w) {
    worker_ = std::move(w);
}

void dispatcher::start() {
    asio::post(context_, [this] {
        for (const auto& runner : runners_)
            runner->wake();
        retention_->start();
        worker_->start();
    });
    thread_ = std::thread{[this] { run(); }};
}

void dispatcher::run() {
    context_.run(); // until stop() stops the context
    context_.restart();
    context_.run_until(deadline_);
    for (const auto& runner : runners_)
        runner->cancel();
    context_.restart();
    context_.run();
}

void dispatcher::notify(std::span<const subscription_id> subscriptions) {
    const std::lock_guard lock{mutex_};
    for (const auto subscription : subscriptions)
        if (std::ranges::find(notified_, subscription) == notified_.end())
            notified_.push_back(subscription);
    if (!is_wake_posted_ && !notified_.empty()) {
        is_wake_posted_ = true;
        asio::post(context_, [this] { wake_notified(); });
    }
}

void dispatcher::wake_notified() {
    std::vector<subscription_id> notified;
    {
        const std::lock_guard lock{mutex_};
        notified.swap(notified_);
        is_wake_posted_ = false;
    }
    for (const auto& runner : runners_)
        if (std::ranges::find(notified, runner->id()) != notified.end())
            runner->wake();
}

const runner* dispatcher::find_runner(subscription_id id) const noexcept {
    const auto found = std::ranges::find(runners_, id, [](const auto& each) { return each->id(); });
    return found == runners_.end() ? nullptr : found->get();
}

void dispatcher::stop(std::chrono::steady_clock::time_point deadline) {
    if (!thread_.joinable())
        return;
    asio::post(context_, [this, deadline] {
        for (const auto& runner : runners_)
            runner->stop();
        retention_->stop();
        worker_->stop();
        deadline_ = deadline;
        keep_running_.reset();
        context_.stop(); // dispatcher::run then continues until no work is left or the deadline has passed
    });
    thread_.join();
}

} // namespace atrium::events
