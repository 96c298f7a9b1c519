#include <support/catch.hpp>
#include <support/notify_socket.hpp>

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstddef>

namespace atrium::support {

notify_socket::notify_socket(bool is_abstract)
    : name_{(is_abstract ? "@" : "") + (folder_ / "notify").string()},
      descriptor_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)} {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(name_.size() < sizeof address.sun_path);
    name_.copy(address.sun_path, name_.size());
    if (is_abstract)
        address.sun_path[0] = '\0';
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
    REQUIRE(::bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) == 0);
}

notify_socket::~notify_socket() {
    ::close(descriptor_);
}

std::string notify_socket::receive() const {
    auto report = receive_within(std::chrono::minutes{1});
    REQUIRE_FALSE(report.empty());
    return report;
}

std::string notify_socket::receive_within(std::chrono::milliseconds time_limit) const {
    pollfd readable{.fd = descriptor_, .events = POLLIN, .revents = 0};
    if (::poll(&readable, 1, static_cast<int>(time_limit.count())) != 1)
        return {};
    std::array<char, 4096> report;
    const auto size = ::recv(descriptor_, report.data(), report.size(), 0);
    return size > 0 ? std::string{report.data(), static_cast<std::size_t>(size)} : std::string{};
}

} // namespace atrium::support
