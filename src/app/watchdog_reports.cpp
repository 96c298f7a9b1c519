#include "watchdog_reports.hpp"

#include <pthread.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace atrium::app {

struct watchdog_reports::state {
    std::mutex mutex; // guards the members below
    std::condition_variable change;
    bool has_response = false;
    bool is_stopping = false;
};

watchdog_reports::watchdog_reports(const service_manager& manager, server& observed_server)
    : manager_{manager}, server_{observed_server}, state_{std::make_shared<state>()} {
    if (manager_.max_silence() > std::chrono::microseconds::zero())
        thread_ = std::thread{&watchdog_reports::run, this};
}

watchdog_reports::~watchdog_reports() {
    stop();
}

void watchdog_reports::stop() {
    if (!thread_.joinable())
        return;
    {
        const std::lock_guard lock{state_->mutex};
        state_->is_stopping = true;
    }
    state_->change.notify_all();
    thread_.join();
}

void watchdog_reports::run() {
    pthread_setname_np(pthread_self(), "watchdog");
    std::unique_lock lock{state_->mutex};
    while (!state_->is_stopping) {
        state_->has_response = false;
        server_.request_response([s = state_] {
            const std::lock_guard response_lock{s->mutex};
            s->has_response = true;
            s->change.notify_all();
        });
        state_->change.wait(lock, [this] { return state_->has_response || state_->is_stopping; });
        if (state_->is_stopping)
            return;
        manager_.report_alive();
        state_->change.wait_for(lock, manager_.max_silence() / 2, [this] { return state_->is_stopping; });
    }
}

} // namespace atrium::app
