#pragma once

#include <support/requester.hpp>

#include <cstdint>
#include <memory>
#include <string_view>

namespace atrium::support {

/// A plain HTTP/1.1 client that waits for each answer, for at most a minute. Keeps its connection as long as the server does;
/// what goes wrong with it is a boost::system::system_error. One thread.
class client final : public requester {
public:
    explicit client(std::uint16_t port);
    ~client() override;
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    using requester::send;
    reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h) override;

    /// Bytes of one's own, and the answer to them: for half a request, or a faulty one.
    void write(std::string_view bytes);
    reply read();

    /// Whether the server has closed the connection; waits for it.
    [[nodiscard]] bool is_closed();

private:
    struct connection;
    void connect();
    reply read(bool is_head);

    std::uint16_t port_;
    std::unique_ptr<connection> connection_;
};

} // namespace atrium::support
