#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace atrium::support {

/// A plain HTTP/1.1 client that waits up to a minute for each response. Keeps its connection for as long as the server does.
/// Throws boost::system::system_error on connection errors. One thread.
class client final : public requester {
public:
    explicit client(std::uint16_t port);
    ~client() override;
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    using requester::send;
    reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    /// Sends raw bytes, and reads the response to them: for half a request or an invalid one.
    void write(std::string_view bytes);
    reply read();

    /// Waits until the server has closed the connection; false if it sends something instead.
    [[nodiscard]] bool is_closed();

private:
    struct connection;
    void connect();
    reply read(bool is_head);

    std::uint16_t port_;
    std::unique_ptr<connection> connection_;
};

} // namespace atrium::support
