#include "watchdog.hpp"

#include <fcntl.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace atrium::events::rabbitmq {

watchdog::watchdog() : thread_{[this] { run(); }} {}

watchdog::~watchdog() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
    watch(-1);
}

void watchdog::watch(int socket) {
    const std::lock_guard lock{mutex_};
    if (socket_ >= 0)
        ::close(socket_);
    socket_ = socket >= 0 ? ::fcntl(socket, F_DUPFD_CLOEXEC, 0) : -1;
    if (socket >= 0 && socket_ < 0)
        throw std::system_error{errno, std::system_category(), "the connection cannot be watched"};
}

void watchdog::end_by(clock::time_point when) {
    {
        const std::lock_guard lock{mutex_};
        end_by_ = when.time_since_epoch().count();
    }
    changed_.notify_one();
}

void watchdog::begin(clock::time_point deadline) {
    const auto until = std::min(deadline.time_since_epoch().count(), end_by_.load());
    busy_until_ = until;
    if (until < sleeping_until_) {
        const std::lock_guard lock{mutex_};
        sleeping_until_ = std::min(until, sleeping_until_.load());
        changed_.notify_one();
    }
}

void watchdog::run() {
    pthread_setname_np(pthread_self(), "rabbitmq watch");
    std::unique_lock lock{mutex_};
    while (!stopping_) {
        auto busy_until = busy_until_.load();
        const auto now = clock::now().time_since_epoch().count();
        if (busy_until != idle && now >= std::min(busy_until, end_by_.load())) {
            ::shutdown(socket_, SHUT_RDWR);
            busy_until_.compare_exchange_strong(busy_until, idle); // so that each call is interrupted only once
            continue;
        }
        if (now >= sleeping_until_) {
            sleeping_until_ = busy_until;
            // A call that began before this assignment compared its deadline with the earlier value of `sleeping_until_`, so it
            // may not have notified this thread. Therefore its deadline is read once more here.
            sleeping_until_ = std::min(busy_until, busy_until_.load());
        }
        const auto wake = now < end_by_ ? std::min(end_by_.load(), sleeping_until_.load()) : sleeping_until_.load();
        if (wake == idle)
            changed_.wait(lock);
        else
            changed_.wait_until(lock, clock::time_point{clock::duration{wake}});
    }
}

} // namespace atrium::events::rabbitmq
