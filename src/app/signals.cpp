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
#include <utility>

namespace atrium::app {
namespace {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

constexpr auto repeat_signal_window = 1s; // a signal that comes within this time after the previous one is ignored

/// The time of the last signal. Global, because the signal handler has no object.
std::atomic<steady_clock::time_point> last_signal_at;
static_assert(decltype(last_signal_at)::is_always_lock_free); // a signal handler must not wait

constexpr int signals_to_end[]{SIGINT, SIGTERM, SIGHUP};

/// Whether the process was started with this signal ignored. The signal must then stay ignored. This applies only to SIGHUP,
/// which nohup(1) ignores for the process that it starts.
bool is_ignored(int signal) {
    struct sigaction current{};
    return signal == SIGHUP && ::sigaction(signal, nullptr, &current) == 0 && current.sa_handler == SIG_IGN;
}

/// Whether the process has a controlling terminal; a daemon, and a program in a container, have none.
bool has_terminal() {
    const int opened = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (opened < 0)
        return false;
    ::close(opened);
    return true;
}

extern "C" void exit_immediately(int signal) {
    if (steady_clock::now() - last_signal_at.load() < repeat_signal_window) // uses clock_gettime, which is async-signal-safe
        return;
    write_without_waiting("atrium: signal during the shutdown: exiting immediately\n");
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

terminal::terminal() : had_terminal_{has_terminal()} {}

bool terminal::is_gone() const {
    return had_terminal_ && !has_terminal();
}

void ignore_signals_of_failed_writes() {
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGXFSZ, SIG_IGN);
}

void write_without_waiting(std::string_view text) noexcept {
    pollfd writable{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    if (::poll(&writable, 1, 0) == 1) [[maybe_unused]]
        const auto written = ::write(STDERR_FILENO, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
}

void open_missing_streams() {
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0)
            (void)::open("/dev/null", O_RDWR); // the new descriptor gets the lowest free number, which is that of this stream
}

shutdown_signal::shutdown_signal() {
    for (const int signal : signals_to_end)
        if (!is_ignored(signal)) {
            signals_.add(signal);
            handled_signals_.push_back(signal);
        }
}

void shutdown_signal::report_broken_database() {
    is_database_broken_ = true;
    boost::asio::post(context_, [this] { context_.stop(); });
}

shutdown_signal::reason shutdown_signal::wait(std::function<void()> reload) {
    reload_ = std::move(reload);
    run_until_signal();
    reload_ = nullptr;
    last_signal_at = steady_clock::now();
    return {signal_};
}

void shutdown_signal::wait_for_delay(std::chrono::milliseconds delay) {
    if (delay <= std::chrono::milliseconds::zero())
        return;
    boost::asio::steady_timer timer{context_, delay};
    timer.async_wait([this](const boost::system::error_code& error) {
        if (!error)
            context_.stop();
    });
    run_until_signal();
}

void shutdown_signal::run_until_signal() {
    context_.restart();
    if (is_database_broken_) // the restart would undo an earlier context_.stop()
        return;
    expect_signal();
    context_.run();
}

void shutdown_signal::expect_signal() {
    signals_.async_wait([this](const boost::system::error_code& error, int signal) {
        if (error)
            return; // the previous wait was cancelled
        if (is_reload(signal)) {
            if (reload_)
                reload_();
            return expect_signal();
        }
        const auto now = steady_clock::now();
        if (signal_ != 0 && now - last_signal_at.load() < repeat_signal_window)
            return expect_signal();
        signal_ = signal;
        last_signal_at = now;
        context_.stop();
    });
}

bool shutdown_signal::is_reload(int signal) const {
    return signal == SIGHUP && !terminal_.is_gone();
}

void shutdown_signal::exit_at_next_signal() {
    // A handler is needed, because this may be process 1 of a container, for which the system ignores signals without a
    // handler.
    signals_.clear();
    for (const int signal : handled_signals_)
        std::signal(signal, is_reload(signal) ? SIG_IGN : exit_immediately);
}

} // namespace atrium::app
