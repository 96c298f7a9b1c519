#include "service_manager.hpp"

#include <base/environment.hpp>

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <ctime>
#include <optional>
#include <system_error>
#include <utility>

namespace atrium::app {
namespace {

constexpr timeval max_send_time{.tv_sec = 5, .tv_usec = 0}; // a manager that reads nothing must not block the server forever

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [stopped, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && stopped == text.data() + text.size() ? std::optional{number} : std::nullopt;
}

/// The address of the socket: a path, or "@" and a name in the abstract namespace. Empty if it is neither.
std::string socket_address(std::string_view name) {
    if (name.size() < 2 || name.size() >= sizeof(sockaddr_un::sun_path) || (name.front() != '/' && name.front() != '@'))
        return {};
    std::string address{name};
    if (address.front() == '@')
        address.front() = '\0';
    return address;
}

/// WATCHDOG_USEC, if it is meant for this process; otherwise 0.
std::chrono::microseconds watchdog_time() {
    const auto process = environment_variable("WATCHDOG_PID");
    if (!process.empty() && number_in(process) != ::getpid())
        return {};
    return std::chrono::microseconds{number_in(environment_variable("WATCHDOG_USEC")).value_or(0)};
}

/// Sends one datagram. Returns 0, or the error.
int send_datagram(std::string_view address, std::string_view message) noexcept {
    sockaddr_un target{};
    target.sun_family = AF_UNIX;
    std::memcpy(target.sun_path, address.data(), address.size());
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + address.size());
    const int descriptor = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0)
        return errno;
    ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &max_send_time, sizeof max_send_time);
    const auto sent =
        ::sendto(descriptor, message.data(), message.size(), MSG_NOSIGNAL, reinterpret_cast<sockaddr*>(&target), size);
    const int error = sent < 0 ? errno : 0;
    ::close(descriptor);
    return error;
}

} // namespace

service_manager::service_manager(logger log) : log_{std::move(log)} {
    const auto name = environment_variable("NOTIFY_SOCKET");
    if (name.empty())
        return;
    socket_ = socket_address(name);
    if (socket_.empty())
        log_.warning("NOTIFY_SOCKET is not a socket that can be used: the service manager gets no reports", {{"socket", name}});
    else
        max_silence_ = watchdog_time();
}

void service_manager::report_ready(std::string_view status) const {
    send("READY=1\nSTATUS=" + std::string{status});
}

void service_manager::report_reloading() const {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now); // systemd compares it with the time of its request
    const auto time = std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec};
    send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(std::chrono::floor<std::chrono::microseconds>(time).count()));
}

void service_manager::report_stopping(std::chrono::milliseconds limit) const {
    send("STOPPING=1\nSTATUS=stopping\nEXTEND_TIMEOUT_USEC=" + std::to_string(std::chrono::microseconds{limit}.count()));
}

void service_manager::report_alive() const {
    send("WATCHDOG=1");
}

void service_manager::send(std::string_view message) const {
    if (socket_.empty())
        return;
    if (const int error = send_datagram(socket_, message); error != 0)
        log_.warning("a report to the service manager failed",
                     {{"report", message.substr(0, message.find('\n'))}, {"reason", std::generic_category().message(error)}});
}

} // namespace atrium::app
