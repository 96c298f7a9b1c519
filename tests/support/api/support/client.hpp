#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atrium::support {

/// Name and value of each header to send.
using headers = std::vector<std::pair<std::string, std::string>>;

/// What a server answered.
struct reply {
    int status = 0;
    support::headers headers;
    std::string body;

    /// The value of a header, without regard to case; empty where there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The body as JSON. Throws where it is none.
    [[nodiscard]] boost::json::value json() const;
};

/// A plain HTTP/1.1 client that waits for each answer, for at most a minute. Keeps its connection as long as the server does;
/// what goes wrong with it is a boost::system::system_error. One thread.
class client {
public:
    explicit client(std::uint16_t port);
    ~client();
    client(client&&) noexcept;
    client& operator=(client&&) noexcept;

    reply get(std::string_view target, const headers& h = {});
    reply head(std::string_view target, const headers& h = {});
    reply options(std::string_view target, const headers& h = {});
    reply remove(std::string_view target, const headers& h = {});
    reply post(std::string_view target, const boost::json::value& body, const headers& h = {});
    reply patch(std::string_view target, const boost::json::value& body, const headers& h = {});
    reply post_form(std::string_view target, std::string_view form, const headers& h = {});

    /// Any request. `Content-Length` is set where the body is not empty, or `h` says nothing else.
    reply send(std::string_view method, std::string_view target, std::string_view body, const headers& h = {});

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
