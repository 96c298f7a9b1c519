#include <base/text.hpp>
#include <support/raw_client.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace atrium::support {
namespace {

[[noreturn]] void fail(const std::string& call) {
    throw std::runtime_error{call + ": " + std::strerror(errno)};
}

void set_timeout(int socket, int option, int milliseconds) {
    const timeval time{milliseconds / 1000, (milliseconds % 1000) * 1000};
    ::setsockopt(socket, SOL_SOCKET, option, &time, sizeof time);
}

} // namespace

raw_client::raw_client(std::uint16_t port, unconnected) : port_{port}, socket_{::socket(AF_INET, SOCK_STREAM, 0)} {
    if (socket_ < 0)
        fail("socket");
    set_timeout(socket_, SO_RCVTIMEO, 10'000);
    set_timeout(socket_, SO_SNDTIMEO, 10'000);
    if (is_over_tls())
        tls_ = std::make_unique<tls_layer>(socket_, tls_options{});
}

raw_client::raw_client(std::uint16_t port, const tls_options& o) : raw_client{port, unconnected{}} {
    tls_ = std::make_unique<tls_layer>(socket_, o);
    connect();
}

raw_client::raw_client(std::uint16_t port, plain) : raw_client{port, unconnected{}} {
    tls_.reset();
    connect();
}

raw_client::raw_client(std::uint16_t port, int buffer_size) : raw_client{port, unconnected{}} {
    if (buffer_size > 0) {
        ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &buffer_size, sizeof buffer_size);
        ::setsockopt(socket_, SOL_SOCKET, SO_SNDBUF, &buffer_size, sizeof buffer_size);
    }
    connect();
}

raw_client::raw_client(std::uint16_t port, source address) : raw_client{port, unconnected{}} {
    sockaddr_in own{};
    own.sin_family = AF_INET;
    if (::inet_pton(AF_INET, address.address, &own.sin_addr) != 1 ||
        ::bind(socket_, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
        fail("bind");
    connect();
}

raw_client::~raw_client() {
    close();
}

void raw_client::connect() {
    sockaddr_in server{};
    server.sin_family = AF_INET;
    server.sin_port = htons(port_);
    server.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&server), sizeof server) != 0)
        fail("connect");
}

long raw_client::send_some(std::string_view bytes) {
    return tls_ ? tls_->send(bytes.data(), bytes.size()) : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

long raw_client::receive(char* target, std::size_t size, int flags) {
    return tls_ ? tls_->receive(target, size, flags) : ::recv(socket_, target, size, flags);
}

void raw_client::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto count = send_some(bytes);
        if (count < 0)
            fail("send");
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

std::size_t raw_client::send_until_stuck(std::string_view bytes) {
    set_timeout(socket_, SO_SNDTIMEO, 500);
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const auto count = send_some(bytes.substr(sent, 16 * 1024));
        if (count < 0)
            break;
        sent += static_cast<std::size_t>(count);
    }
    set_timeout(socket_, SO_SNDTIMEO, 10'000);
    return sent;
}

void raw_client::send_below_tls(std::string_view bytes) {
    if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(bytes.size()))
        fail("send");
}

void raw_client::finish_sending() {
    if (tls_)
        tls_->notify_of_end();
    ::shutdown(socket_, SHUT_WR);
}

void raw_client::close() {
    if (socket_ >= 0)
        ::close(socket_);
    socket_ = -1;
}

void raw_client::reset() {
    const linger reset_on_close{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &reset_on_close, sizeof reset_on_close);
    close();
}

bool raw_client::receive_more() {
    const auto size = unread_.size();
    unread_.resize(size + 256 * 1024);
    const auto count = receive(unread_.data() + size, unread_.size() - size, 0);
    unread_.resize(size + static_cast<std::size_t>(std::max(count, 0L)));
    if (count < 0)
        fail("recv");
    return count > 0;
}

std::string raw_client::read_once() {
    if (unread_.empty())
        receive_more();
    return std::exchange(unread_, {});
}

std::string raw_client::read_exactly(std::size_t count) {
    while (unread_.size() < count)
        if (!receive_more())
            throw std::runtime_error{"the connection ended after " + std::to_string(unread_.size()) + " of " +
                                     std::to_string(count) + " bytes"};
    auto bytes = unread_.substr(0, count);
    unread_.erase(0, count);
    return bytes;
}

answer raw_client::read_answer(bool has_body) {
    for (;;) {
        auto rest = unread_;
        if (auto whole = take_answer(rest, has_body); whole.status != 0) {
            unread_ = std::move(rest);
            return whole;
        }
        if (!receive_more())
            throw std::runtime_error{"the connection ended within a response: " + unread_};
    }
}

std::string raw_client::read_to_end() {
    auto all = std::exchange(unread_, {});
    std::array<char, 64 * 1024> block;
    for (;;) {
        const auto count = receive(block.data(), block.size(), 0);
        if (count < 0 && errno != ECONNRESET)
            fail("recv");
        if (count <= 0)
            return all;
        all.append(block.data(), static_cast<std::size_t>(count));
    }
}

bool raw_client::has_arrived() {
    char one = 0;
    return !unread_.empty() || receive(&one, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

bool raw_client::is_closed() {
    char one = 0;
    const auto count = receive(&one, 1, MSG_PEEK | MSG_DONTWAIT);
    return count == 0 || (count < 0 && errno == ECONNRESET);
}

answer take_answer(std::string& bytes, bool has_body) {
    const auto end = bytes.find("\r\n\r\n");
    if (end == std::string::npos)
        return {};
    answer a;
    auto line = bytes.find("\r\n");
    const auto status_line = bytes.substr(0, line);
    while (line < end) {
        const auto begin = line + 2;
        line = bytes.find("\r\n", begin);
        const auto colon = bytes.find(": ", begin);
        auto& value = a.headers[ascii_lower(std::string_view{bytes}.substr(begin, colon - begin))];
        value += (value.empty() ? "" : ", ") + bytes.substr(colon + 2, line - colon - 2);
    }
    const auto length = has_body && !a.header("content-length").empty() ? std::stoul(a.header("content-length")) : 0;
    if (bytes.size() < end + 4 + length)
        return {};
    a.status = std::stoi(status_line.substr(9, 3));
    a.body = bytes.substr(end + 4, length);
    bytes.erase(0, end + 4 + length);
    return a;
}

} // namespace atrium::support
