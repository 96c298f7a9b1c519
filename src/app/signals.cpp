#include "signals.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <climits>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstddef>

namespace atrium::app {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto same_wish = 1s;

/// The time of the last signal. Global, because the signal handler has no object.
std::atomic<steady_clock::time_point> asked;
static_assert(decltype(asked)::is_always_lock_free); // a signal handler must not wait

constexpr int signals_to_end[]{SIGINT, SIGTERM, SIGHUP};

/// Whether the process was started with this signal ignored and must continue to ignore it, as with SIGHUP and nohup(1).
bool is_ignored(int signal) {
    struct sigaction now{};
    return signal == SIGHUP && ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

extern "C" void end_at_once(int signal) {
    if (steady_clock::now() - asked.load() < same_wish) // uses clock_gettime, which is async-signal-safe
        return;
    write_at_once("atrium: second signal: exiting immediately\n");
    ::_exit(128 + signal);
}

} // namespace

std::string_view name_of_signal(int signal) noexcept {
    switch (signal) {
    case SIGINT: return "SIGINT";
    case SIGTERM: return "SIGTERM";
    case SIGHUP: return "SIGHUP";
    default: return "another signal";
    }
}

void ignore_signals_of_failed_writes() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void write_at_once(std::string_view text) noexcept {
    pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, 0) == 1) [[maybe_unused]]
        const auto written = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
}

void open_missing_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0)
            (void)::open("/dev/null", O_RDWR); // gets the lowest free number, which is this one
}

ending::ending() {
    for (const int signal : signals_to_end)
        if (!is_ignored(signal)) {
            signals_.add(signal);
            taken_.push_back(signal);
        }
}

void ending::database_broken() {
    broken_ = true;
    boost::asio::post(context_, [this] { context_.stop(); });
}

ending::reason ending::wait() {
    run_until_signal();
    asked = steady_clock::now();
    return {signal_};
}

void ending::wait_out(std::chrono::milliseconds time) {
    if (time <= std::chrono::milliseconds::zero())
        return;
    boost::asio::steady_timer timer{context_, time};
    timer.async_wait([this](const boost::system::error_code& cancelled) {
        if (!cancelled)
            context_.stop();
    });
    run_until_signal();
}

void ending::run_until_signal() {
    context_.restart();
    if (broken_) // context_.stop() may have been called before the restart
        return;
    expect_signal();
    context_.run();
}

void ending::expect_signal() {
    signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
        if (failed)
            return; // the previous wait was cancelled
        const auto now = steady_clock::now();
        if (signal_ != 0 && now - asked.load() < same_wish)
            return expect_signal();
        signal_ = signal;
        asked = now;
        context_.stop();
    });
}

void ending::end_at_next_signal() {
    // Not the default action, because that is to ignore the signal if this is process 1 of a container.
    signals_.clear();
    for (const int signal : taken_)
        std::signal(signal, end_at_once);
}

} // namespace atrium::app
