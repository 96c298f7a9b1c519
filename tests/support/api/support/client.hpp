#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace atrium::support {

/// A plain HTTP/1.1 client that waits up to a minute for each operation. `send` uses one connection, and opens a new one if the
/// server has closed it. Throws boost::system::system_error on connection errors. For one thread only.
class client final : public requester {
public:
    explicit client(std::uint16_t port);
    ~client() override;
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    using requester::send;
    reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    /// `write` sends raw bytes, such as an incomplete or invalid request; `read` reads a response.
    void write(std::string_view bytes);
    reply read();

    /// Waits until the server has closed the connection. Returns false if the server instead sends something, resets the
    /// connection, or does nothing for a minute.
    [[nodiscard]] bool is_closed();

private:
    struct connection;
    void connect();
    reply read(bool is_head);

    std::uint16_t port_;
    std::unique_ptr<connection> connection_;
};

} // namespace atrium::support
