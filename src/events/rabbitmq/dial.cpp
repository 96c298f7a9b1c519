#include "dial.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace atrium::events::rabbitmq {
namespace {

using clock = std::chrono::steady_clock;

struct address {
    sockaddr_storage bytes{};
    socklen_t size = 0;
};

/// Returns the addresses of a host. Empty if the name service does not know the host or does not answer.
std::vector<address> look_up(const std::string& host, int port, int flags) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* entries = nullptr;
    if (::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &entries) != 0)
        return {};
    std::vector<address> addresses;
    for (const auto* entry = entries; entry; entry = entry->ai_next) {
        std::memcpy(&addresses.emplace_back().bytes, entry->ai_addr, entry->ai_addrlen);
        addresses.back().size = entry->ai_addrlen;
    }
    ::freeaddrinfo(entries);
    return addresses;
}

/// Waits for a descriptor within the time limits of one `dial`.
class limited_wait {
public:
    limited_wait(clock::time_point deadline, const wake_event& wake, const watchdog& guard)
        : deadline_{deadline}, wake_{wake}, guard_{guard} {}

    /// Returns the reason if the wait ended before the descriptor was ready; empty if it is ready.
    [[nodiscard]] std::optional<dial_failure> wait_for(int descriptor, short events) const {
        for (;;) {
            if (guard_.is_over())
                return dial_failure::stopped;
            const auto remaining = std::chrono::ceil<std::chrono::milliseconds>(deadline_ - clock::now()).count();
            if (remaining <= 0)
                return dial_failure::timed_out;
            std::array<pollfd, 2> sources{pollfd{.fd = descriptor, .events = events, .revents = 0},
                                          pollfd{.fd = wake_.descriptor(), .events = POLLIN, .revents = 0}};
            ::poll(sources.data(), sources.size(), static_cast<int>(remaining));
            if (sources[0].revents != 0)
                return std::nullopt;
            if (sources[1].revents != 0)
                wake_.clear(); // no work is lost by this: the user of the connection looks for new work anyway once it is
                               // connected
        }
    }

private:
    clock::time_point deadline_;
    const wake_event& wake_;
    const watchdog& guard_;
};

/// The unanswered lookups of this process. getaddrinfo cannot be interrupted, so it runs on a thread that is abandoned if it
/// takes too long. The next attempt waits for the same lookup, so a name service that does not answer occupies only one thread
/// per host and port. Any thread; shared with the lookup threads, which may outlive every connection.
class pending_lookups : public std::enable_shared_from_this<pending_lookups> {
public:
    struct lookup {
        std::vector<address> addresses; ///< set once `answered` is notified
        wake_event answered;            ///< never cleared, because several attempts may wait for it
    };

    [[nodiscard]] std::shared_ptr<const lookup> join_or_begin(const std::string& host, int port) {
        const std::lock_guard lock{mutex_};
        auto& pending = all_[{host, port}];
        if (pending)
            return pending;
        try {
            auto new_lookup = std::make_shared<lookup>();
            std::thread{[self = shared_from_this(), new_lookup, host, port] {
                self->answer(*new_lookup, host, port);
            }}.detach();
            return pending = std::move(new_lookup);
        } catch (...) {
            all_.erase({host, port});
            throw;
        }
    }

private:
    void answer(lookup& l, const std::string& host, int port) {
        l.addresses = look_up(host, port, 0);
        {
            const std::lock_guard lock{mutex_};
            all_.erase({host, port});
        }
        l.answered.notify();
    }

    std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::shared_ptr<lookup>> all_;
};

std::pair<std::vector<address>, std::optional<dial_failure>> resolve(const std::string& host, int port, const limited_wait& w) {
    if (auto numeric = look_up(host, port, AI_NUMERICHOST); !numeric.empty())
        return {std::move(numeric), std::nullopt};
    static const auto lookups = std::make_shared<pending_lookups>();
    const auto found = lookups->join_or_begin(host, port);
    if (const auto failure = w.wait_for(found->answered.descriptor(), POLLIN))
        return {{}, *failure == dial_failure::timed_out ? dial_failure::unknown_host : *failure};
    if (found->addresses.empty())
        return {{}, dial_failure::unknown_host};
    return {found->addresses, std::nullopt};
}

std::optional<dial_failure> connect(int socket, const address& target, const limited_wait& w) {
    const int enabled = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &enabled, sizeof enabled);
    ::setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &enabled, sizeof enabled);
    if (::connect(socket, reinterpret_cast<const sockaddr*>(&target.bytes), target.size) == 0)
        return std::nullopt;
    if (errno != EINPROGRESS)
        return dial_failure::refused;
    if (const auto failure = w.wait_for(socket, POLLOUT))
        return failure;
    int code = 0;
    socklen_t size = sizeof code;
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &code, &size);
    if (code == ETIMEDOUT)
        return dial_failure::timed_out;
    return code == 0 ? std::nullopt : std::optional{dial_failure::refused};
}

} // namespace

socket_handle::~socket_handle() {
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

socket_handle& socket_handle::operator=(socket_handle&& other) noexcept {
    socket_handle previous{std::exchange(descriptor_, other.release())};
    return *this;
}

int socket_handle::release() noexcept {
    return std::exchange(descriptor_, -1);
}

dial_result dial(const std::string& host, int port, clock::time_point deadline, const wake_event& wake, const watchdog& guard) {
    const auto [addresses, unresolved] = resolve(host, port, {deadline, wake, guard});
    if (unresolved)
        return {socket_handle{}, *unresolved};
    auto failure = dial_failure::refused;
    auto remaining_addresses = static_cast<int>(addresses.size());
    for (const auto& target : addresses) {
        const auto now = clock::now();
        const limited_wait share{now + (deadline - now) / remaining_addresses--, wake, guard};
        socket_handle socket{::socket(target.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP)};
        if (socket.get() < 0)
            continue;
        const auto reason = connect(socket.get(), target, share);
        if (!reason)
            return {std::move(socket), {}};
        if (*reason == dial_failure::stopped)
            return {socket_handle{}, *reason};
        if (*reason == dial_failure::timed_out)
            failure = *reason;
    }
    return {socket_handle{}, failure};
}

} // namespace atrium::events::rabbitmq
