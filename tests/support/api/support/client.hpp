#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace atrium::support {

/// A plain HTTP/1.1 client that waits up to a minute for each response. Keeps its connection as long as the server keeps it.
/// Throws boost::system::system_error on connection errors. For one thread only.
class client final : public requester {
public:
    explicit client(std::uint16_t port);
    ~client() override;
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    using requester::send;
    reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    /// Send raw bytes and read the response, for example for an incomplete or invalid request.
    void write(std::string_view bytes);
    reply read();

    /// Waits until the server has closed the connection. False if the server sends something instead.
    [[nodiscard]] bool is_closed();

private:
    struct connection;
    void connect();
    reply read(bool is_head);

    std::uint16_t port_;
    std::unique_ptr<connection> connection_;
};

} // namespace atrium::support
