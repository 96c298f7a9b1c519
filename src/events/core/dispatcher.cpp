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
        if (std::ranges::find(noted_, subscription) == noted_.end())
            noted_.push_back(subscription);
    if (!note_posted_ && !noted_.empty()) {
        note_posted_ = true;
        asio::post(context_, [this] { wake_noted(); });
    }
}

void dispatcher::wake_noted() {
    std::vector<subscription_id> noted;
    {
        const std::lock_guard lock{mutex_};
        noted.swap(noted_);
        note_posted_ = false;
    }
    for (const auto& runner : runners_)
        if (std::ranges::find(noted, runner->id()) != noted.end())
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
        context_.stop(); // run() continues until no work is left or the deadline has passed
    });
    thread_.join();
}

} // namespace atrium::events
