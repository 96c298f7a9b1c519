#include "scripted_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <array>

namespace atrium::http::test {

namespace asio = boost::asio;
using boost::system::error_code;

std::string scripted_connection::read() {
    constexpr std::string_view end_of_header = "\r\n\r\n";
    for (;;) {
        if (const auto end = unread_.find(end_of_header); end != std::string::npos) {
            auto header = unread_.substr(0, end);
            unread_.erase(0, end + end_of_header.size());
            return header;
        }
        std::array<char, 4096> some;
        const auto count = receive(some.data(), some.size());
        if (count == 0)
            return {};
        unread_.append(some.data(), count);
    }
}

void scripted_connection::write(std::string_view bytes) {
    error_code ignored;
    if (tls_)
        (void)tls_->send(bytes.data(), bytes.size());
    else
        asio::write(socket_, asio::buffer(bytes.data(), bytes.size()), ignored);
}

/// Returns 0 at the end of the connection.
std::size_t scripted_connection::receive(char* target, std::size_t size) {
    error_code failure;
    if (!tls_)
        return socket_.read_some(asio::buffer(target, size), failure);
    const auto count = tls_->receive(target, size, 0);
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

void scripted_connection::start_tls(const support::pem_files& files) {
    tls_ = std::make_unique<support::tls_layer>(socket_.native_handle(), files);
    (void)tls_->shake_hands();
}

void scripted_connection::wait_for_end() {
    std::array<char, 4096> some;
    error_code failure;
    while (!failure)
        socket_.read_some(asio::buffer(some), failure);
}

scripted_server::scripted_server(std::vector<script> scripts)
    : thread_{[this, scripts = std::move(scripts)] {
          for (const auto& each : scripts) {
              error_code failure;
              scripted_connection connection{acceptor_.accept(failure)};
              if (failure)
                  return;
              ++accepted_;
              each(connection);
          }
          const std::lock_guard lock{closing_mutex_};
          error_code ignored;
          acceptor_.close(ignored);
      }} {}

scripted_server::~scripted_server() {
    {
        const std::lock_guard lock{closing_mutex_};
        if (acceptor_.is_open())
            ::shutdown(acceptor_.native_handle(), SHUT_RDWR); // ends a pending accept
    }
    thread_.join();
}

} // namespace atrium::http::test
