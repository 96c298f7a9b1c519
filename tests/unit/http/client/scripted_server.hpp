#pragma once

#include <support/tls_layer.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace atrium::http::test {

/// An accepted connection, which a script uses. The functions report no errors, because the client may disconnect at any time.
class scripted_connection {
public:
    explicit scripted_connection(boost::asio::ip::tcp::socket socket) : socket_{std::move(socket)} {}

    /// Returns the next request's header, without the empty line at its end; empty if the connection has ended.
    std::string read();
    /// Reads the header of a request and sends a response.
    void answer(std::string_view bytes) {
        (void)read();
        write(bytes);
    }
    void write(std::string_view bytes);
    /// Waits until the client has closed its side.
    void wait_for_end();
    /// Begins TLS. Must be called before anything is read or written.
    void start_tls(const support::pem_files& files);
    /// Sends close_notify of TLS, which means that no more data follows. May be called only after `start_tls`.
    void notify_of_end() { tls_->notify_of_end(); }

private:
    std::size_t receive(char* target, std::size_t size);

    boost::asio::ip::tcp::socket socket_;
    std::unique_ptr<support::tls_layer> tls_; ///< null if there is no TLS
    std::string unread_;
};

/// A server that runs scripts one after the other: the first one for the first connection, and so on. A connection is closed at
/// the end of its script. After the last script the server stops listening.
class scripted_server {
public:
    using script = std::function<void(scripted_connection&)>;

    explicit scripted_server(std::vector<script> scripts);
    ~scripted_server();
    scripted_server(const scripted_server&) = delete;
    scripted_server& operator=(const scripted_server&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// The number of connections whose scripts have begun.
    [[nodiscard]] int accepted() const { return accepted_; }

private:
    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::acceptor acceptor_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
    const std::uint16_t port_ = acceptor_.local_endpoint().port();
    std::atomic<int> accepted_ = 0;
    std::mutex closing_mutex_; ///< held while the thread closes `acceptor_`, and while the destructor shuts it down
    std::thread thread_;
};

inline constexpr std::string_view ok_answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

} // namespace atrium::http::test
