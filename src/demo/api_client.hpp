#pragma once

#include <boost/beast/http/verb.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace atrium::demo {

/// A connection to the server at a port of this machine. It is kept open from one request to the next. Its functions block.
/// Used by one thread.
class api_client {
public:
    explicit api_client(std::uint16_t port);
    ~api_client();
    api_client(const api_client&) = delete;
    api_client& operator=(const api_client&) = delete;

    /// Sends a request and returns the status of the response. The body is JSON, or empty. Throws boost::system::system_error
    /// if the server does not answer; the next request opens a new connection.
    unsigned send(boost::beast::http::verb method, std::string_view target, std::string body = {});

private:
    struct connection;

    const std::uint16_t port_;
    std::unique_ptr<connection> connection_; ///< null if not connected
};

} // namespace atrium::demo
